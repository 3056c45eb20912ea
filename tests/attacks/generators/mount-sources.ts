import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { printed } from '../ask-engine/evidence.ts';
import type { Attack } from '../attack.ts';
import { act, create, post } from '../build-attack/requests.ts';
import type { Run } from '../stage/run.ts';
import { inodeOf } from '../stage/stage.ts';
import { SECRET } from '../stage/strong.ts';

/** One more detour on the way to a source; each leads where the path before it leads. */
const detours = [
  'dot',
  'double-slash',
  'dot-dot',
  'link',
  'relative-link',
  'link-above',
  'engine-cwd',
  'mount',
  'hard-link',
] as const;
type Detour = (typeof detours)[number];

const FIELDS = ['Binds', 'Mounts', 'inline-volume', 'volume', 'volume-made-earlier'] as const;
type Field = (typeof FIELDS)[number];

interface Way {
  /** How many folders above the target are mounted. */
  readonly above: number;
  readonly detours: readonly Detour[];
  readonly field: Field;
}

const ways = (fields: readonly Field[], by: readonly Detour[] = detours): fc.Arbitrary<Way> =>
  fc.record({
    above: fc.integer({ min: 0, max: 2 }),
    detours: fc.array(fc.constantFrom(...by), { maxLength: 4 }),
    field: fc.constantFrom(...fields),
  });

/** A path with the detours; what they need on the host is made in the run's folder. */
function detoured(run: Run, target: string, chosen: readonly Detour[]): string {
  return chosen.reduce((path, detour, at) => detourOf(run, path, detour, join(run.folder, `d${at}`)), target);
}

function detourOf(run: Run, path: string, detour: Detour, place: string): string {
  switch (detour) {
    case 'dot':
      return `${dirname(path)}/./${basename(path)}`;
    case 'double-slash':
      return path.replaceAll('/', '//');
    case 'dot-dot':
      return `${run.folder}/${relative(run.folder, path)}`;
    case 'link':
      symlinkSync(path, place);
      return place;
    case 'relative-link':
      symlinkSync(relative(run.folder, path), place);
      return place;
    case 'link-above':
      symlinkSync(dirname(path), place);
      return join(place, basename(path));
    case 'engine-cwd':
      return `/proc/self/cwd/${'../'.repeat(20)}${path}`;
    case 'mount':
      return mounted(run, path, place);
    case 'hard-link':
      if (statSync(path).isDirectory()) return path;
      linkSync(path, place);
      return place;
  }
}

/** An alias by a mount of the host's; the path itself where that cannot be had. */
function mounted(run: Run, path: string, place: string): string {
  if (statSync(path).isDirectory()) mkdirSync(place);
  else writeFileSync(place, '');
  if (spawnSync('mount', ['--bind', path, place]).status !== 0) return path;
  run.undo(() => spawnSync('umount', ['--lazy', place]));
  return place;
}

function hostConfig(run: Run, source: string, field: Field): object {
  switch (field) {
    case 'Binds':
      return { Binds: [`${source}:/x`] };
    case 'Mounts':
      return { Mounts: [{ Type: 'bind', Source: source, Target: '/x' }] };
    case 'inline-volume':
      return {
        Mounts: [{ Type: 'volume', Target: '/x', VolumeOptions: { DriverConfig: { Options: options(source) } } }],
      };
    case 'volume':
    case 'volume-made-earlier':
      return { Binds: [`${run.name}:/x`] };
  }
}

const options = (device: string) => ({ type: 'none', o: 'bind', device });

function above(path: string, levels: number): string {
  return levels === 0 ? path : above(dirname(path), levels - 1);
}

interface Target {
  readonly path: (run: Run) => string;
  /** Whether what the container printed shows that it had the target. */
  readonly isShown: (run: Run, shown: string) => boolean;
  readonly tell: (path: string) => string[];
}

const enginesSocket: Target = {
  path: (run) => run.engine.socket,
  isShown: (run, shown) => shown.includes(`inode=${inodeOf(run.engine.socket)}=`),
  tell: (path) => ['/bin/busybox', 'stat', '-L', '-c', 'inode=%d:%i=', path],
};

const secretOutside: Target = {
  path: (run) => join(run.outside, 'secret'),
  isShown: (_run, shown) => shown.includes(SECRET),
  tell: (path) => ['/bin/busybox', 'cat', path],
};

function mountingBy(target: Target, way: Way): Attack {
  // A bind-mounted volume is always a folder.
  const levels = way.field === 'Binds' || way.field === 'Mounts' ? way.above : Math.max(1, way.above);
  const sourceOf = (run: Run): string => run.kept.get('source') ?? '';
  const volume = (run: Run) => ({ Name: run.name, Driver: 'local', DriverOpts: options(sourceOf(run)) });
  return {
    id: 'generated',
    title: `${way.field}, ${levels} above, by ${way.detours.join(', ') || 'no detour'}`,
    async prepare(run) {
      writeFileSync(join(run.outside, 'secret'), SECRET);
      run.kept.set('source', detoured(run, above(target.path(run), levels), way.detours));
      if (way.field === 'volume-made-earlier') await run.engine.have('POST', '/volumes/create', volume(run));
    },
    async attempt(door, run) {
      if (way.field === 'volume') await door.send(post('/volumes/create', volume(run)));
      const inside = join('/x', relative(above(target.path(run), levels), target.path(run)));
      await door.send(create(run, { Cmd: target.tell(inside), HostConfig: hostConfig(run, sourceOf(run), way.field) }));
      await door.send(act(run, 'start'));
    },
    happened: async (run) => target.isShown(run, await printed(run)),
  };
}

export const socketWays = ways(['Binds', 'Mounts']).map((way) => mountingBy(enginesSocket, way));
export const volumeWays = ways(['inline-volume', 'volume', 'volume-made-earlier']).map((way) =>
  mountingBy(enginesSocket, way),
);
/**
 * Not by mounts and hard links: what the host's root has put into a folder that may be bound may be bound, and no container
 * can put it there.
 */
const byPath = detours.filter((detour) => detour !== 'mount' && detour !== 'hard-link');
export const outsideWays = ways(FIELDS.slice(0, 4), byPath).map((way) => mountingBy(secretOutside, way));
