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

/** Those that a container would not have by itself, each by one name: the engine takes any case, with and without `CAP_` (moby oci/caps NormalizeLegacyCapabilities). */
export function beyondDefault(capabilities: readonly string[]): readonly string[] {
  const names = capabilities.map((capability) => capability.toUpperCase().replace(/^CAP_/, ''));
  return names.filter((name) => !DEFAULTS.has(name));
}
