import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { isWithin } from '../../shared/decision/delivery-obstacle.ts';

/** A mount of our mount namespace, as proc_pid_mountinfo(5) has it. */
export interface Mount {
  readonly id: string;
  readonly parent: string;
  /** `major:minor` of the file system; unlike stat's device it is one for all subvolumes of a btrfs. */
  readonly fileSystem: string;
  /** The folder of the file system that is mounted, from the file system's own root. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
  /** The folders that an overlay lays over each other, as they were named when it was mounted. */
  readonly layers: readonly string[];
}

/** A path at which something can be reached, and the mount through which it is. */
export interface Way {
  readonly path: string;
  readonly mount: Mount;
}

/** A path from the root of a file system, which is named as `Mount` does. */
export interface Place {
  readonly fileSystem: string;
  readonly path: string;
}

export interface MountTable {
  /** The mount that a path without links lies on. */
  at(path: string): Mount | undefined;
  /** Where a path without links lies on its file system. */
  locate(path: string): Place | undefined;
  /** All paths of this namespace at which a place shows. */
  waysToPlace(place: Place): readonly Way[];
  /** All paths of this namespace that lead to the same thing as a path without links, itself among them. */
  waysTo(path: string): readonly Way[];
  /** Mounts of what lies in a folder, at points elsewhere; `rest` is where in the folder. */
  mountsFromWithin(path: string): readonly { readonly point: string; readonly rest: string }[];
  /** What overlays show at a path and below it, by where it lies in their layers. */
  layersBehind(path: string): readonly string[];
  /** Whether a file system is mounted at a path or anywhere below it. */
  showsBelow(path: string, fileSystem: string): boolean;
}

/** Reads the mount table; undefined where there is none to read. The same text is parsed once. */
export function mountTableReader(file: string): () => Promise<MountTable | undefined> {
  let last: { readonly text: string; readonly table: MountTable } | undefined;
  return async () => {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    if (last?.text !== text) last = { text, table: parseMountTable(text) };
    return last.table;
  };
}

/** The mounts of a namespace, in the order in which they were made. */
export function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap(parseMount);
}

export function parseMountTable(text: string): MountTable {
  const mounts = parseMounts(text);
  const ids = new Set(mounts.map(({ id }) => id));
  const children = new Map<string, Mount[]>();
  for (const mount of mounts) {
    if (mount.parent !== mount.id) children.set(mount.parent, [...(children.get(mount.parent) ?? []), mount]);
  }
  const top = mounts.filter(({ parent, id, point }) => point === '/' && (parent === id || !ids.has(parent))).at(-1);

  const at = (path: string): Mount | undefined => {
    let current = top;
    for (let steps = 0; current !== undefined && steps < mounts.length; steps += 1) {
      const next = firstOnTheWay(children.get(current.id) ?? [], path);
      if (next === undefined) break;
      current = next;
    }
    return current;
  };
  const isVisible = (mount: Mount) => at(mount.point) === mount;
  const locate = (path: string) => {
    const mount = at(path);
    return mount && { fileSystem: mount.fileSystem, path: posix.join(mount.root, rest(mount.point, path)) };
  };
  const waysToPlace = (place: Place) =>
    mounts
      .filter((mount) => mount.fileSystem === place.fileSystem && isWithin(place.path, mount.root))
      .filter(isVisible)
      .map((mount) => ({ mount, path: posix.join(mount.point, rest(mount.root, place.path)) }));

  return {
    at,
    locate,
    waysToPlace,
    waysTo(path) {
      const place = locate(path);
      return place === undefined ? [] : waysToPlace(place);
    },
    mountsFromWithin(path) {
      const place = locate(path);
      if (place === undefined) return [];
      return mounts
        .filter((mount) => mount.fileSystem === place.fileSystem && isWithin(mount.root, place.path))
        .filter(isVisible)
        .map((mount) => ({ point: mount.point, rest: rest(place.path, mount.root) }));
    },
    layersBehind(path) {
      const here = at(path);
      const lain =
        here === undefined ? [] : here.layers.map((layer) => posix.join(layer, here.root, rest(here.point, path)));
      const below = mounts.filter((mount) => mount !== here && isWithin(mount.point, path) && isVisible(mount));
      return [...lain, ...below.flatMap(({ layers, root }) => layers.map((layer) => posix.join(layer, root)))];
    },
    showsBelow: (path, fileSystem) =>
      mounts.some((mount) => mount.fileSystem === fileSystem && isWithin(mount.point, path)),
  };
}

/** As a path is walked it enters the mount that comes first, which may hide others below its point. */
function firstOnTheWay(mounts: readonly Mount[], path: string): Mount | undefined {
  let first: Mount | undefined;
  for (const mount of mounts) {
    if (isWithin(path, mount.point) && (first === undefined || mount.point.length <= first.point.length)) first = mount;
  }
  return first;
}

/** What a path has beyond a folder that it lies in, without a leading slash. */
function rest(folder: string, path: string): string {
  return posix.relative(folder, path);
}

/** `36 35 98:0 /root /point options … - type source options`, with spaces and the like as `\040`. */
function parseMount(line: string): Mount[] {
  const fields = line.split(' ');
  const [id, parent, fileSystem, root, point] = fields;
  const [type, , options = ''] = fields.slice(fields.indexOf('-') + 1);
  if (id === undefined || parent === undefined || fileSystem === undefined) return [];
  if (root === undefined || point === undefined || type === undefined) return [];
  const layers = type === 'overlay' ? layersOf(plain(options)) : [];
  return [{ id, parent, fileSystem, root: plain(root), point: plain(point), type, layers }];
}

/** `lowerdir=a:b,upperdir=c`, with backslashes before commas and colons of a path; newer kernels name each by `lowerdir+`. */
function layersOf(options: string): readonly string[] {
  const folders = options.split(/(?<!\\),/).flatMap((option) => {
    const [, name, value = ''] = /^(lowerdir\+?|datadir\+|upperdir)=(.*)$/s.exec(option) ?? [];
    return name === 'lowerdir' ? value.split(/(?<!\\):+/) : [value];
  });
  // What is not absolute was named from a folder that nobody knows any more.
  return folders.map((folder) => folder.replace(/\\(.)/gs, '$1')).filter((folder) => folder.startsWith('/'));
}

function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_escape, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
