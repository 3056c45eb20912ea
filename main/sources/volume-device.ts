/** Types that mount what a server or the kernel has, so that their device is no path of this machine. */
const NO_PATH = /^(tmpfs|ramfs|nfs4?|cifs|smb[23]?(fs)?|9p|virtiofs|ceph|glusterfs|afs|proc|sysfs|devpts|cgroup2?)$/;

/**
 * The path that a volume shows when it is a bind in disguise, by the options of its local driver; undefined for other
 * volumes. As mount(8) has it, `bind` among the options decides, and the type does not count then. Whatever else has a
 * path for a device is taken for one as well: what the path leads to is looked at anyway.
 */
export function bindDevice(driver: string, options: Readonly<Record<string, string>>): string | undefined {
  const device = options.device ?? '';
  if ((driver !== 'local' && driver !== '') || device === '') return undefined;
  const flags = (options.o ?? '').split(',').map((flag) => flag.trim().toLowerCase());
  if (flags.includes('bind') || flags.includes('rbind')) return device;
  return device.startsWith('/') && !NO_PATH.test((options.type ?? '').toLowerCase()) ? device : undefined;
}
