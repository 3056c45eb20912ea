/** What every container has (moby oci/caps DefaultCapabilities). */
const DEFAULTS: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** The engine takes any case, with and without `CAP_` (moby oci/caps NormalizeLegacyCapabilities). */
export function isBeyondDefault(capability: string): boolean {
  return !DEFAULTS.has(capability.toUpperCase().replace(/^CAP_/, ''));
}
