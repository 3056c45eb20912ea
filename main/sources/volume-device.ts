/** Types that mount what a server or the kernel has, so that their device is no path of this machine. */
const NO_PATH = /^(tmpfs|ramfs|nfs4?|cifs|smb[23]?(fs)?|9p|virtiofs|ceph|glusterfs|afs|proc|sysfs|devpts|cgroup2?)$/;

/** Types that show what lies in other folders, named among the options in ways of their own. */
const UNION = /^(aufs|unionfs)$/;

/** An option of an overlay that names layers, with colons between them (Documentation/filesystems/overlayfs.rst). */
const LAYERS = /^(lowerdir\+?|datadir\+|upperdir|workdir)=(.*)$/;

/**
 * The paths that a volume shows when it is a bind in disguise, by the options of its local driver; none for other
 * volumes. As mount(8) has it, `bind` among the options decides, and the type does not count then. An overlay shows its
 * layers, sockets in them included. Whatever else has a path for a device is taken for a bind as well: what the path leads
 * to is looked at anyway.
 */
export function bindDevices(driver: string, options: Readonly<Record<string, string>>): readonly string[] {
  if (driver !== 'local' && driver !== '') return [];
  const { o = '', device = '' } = options;
  const type = (options.type ?? '').toLowerCase();
  const flags = o.split(',').map((flag) => flag.trim());
  const isBind = flags.some((flag) => /^r?bind$/i.test(flag));
  const isPath = device.startsWith('/') && !NO_PATH.test(type);
  return [...(device !== '' && (isBind || isPath) ? [device] : []), ...(UNION.test(type) ? ['/'] : layersOf(o, flags))];
}

/** Commas and colons in names are written with a backslash; where there is one, everything may be shown. */
function layersOf(o: string, flags: readonly string[]): readonly string[] {
  const layers = flags.flatMap((flag) => LAYERS.exec(flag)?.[2]?.split(':') ?? []).filter((path) => path !== '');
  return layers.length > 0 && o.includes('\\') ? ['/'] : layers;
}
