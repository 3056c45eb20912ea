import { posix } from 'node:path';
import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import type { SourceFact } from '../../shared/decision/facts.ts';
import { cleanPath } from './clean-path.ts';
import { socketFinder } from './find-sockets.ts';
import { matchKnown } from './known-match.ts';
import {
  awaitedSockets,
  ENGINE_SIDE,
  type ProtectedSocket,
  patternsHere,
  SHIM_FOLDERS,
  USUAL_PATHS,
} from './known-sockets.ts';
import { identityOf, type Look, look } from './look.ts';
import { mountTableReader, parseMounts } from './mount-table.ts';
import { judgeWithin, type OwnPlaces, ownSettings } from './own-places.ts';
import { type ProtectedFolder, type ProtectedSet, takeProtectedSet } from './protected-set.ts';
import { notAbsolute, severest } from './severest.ts';

/** Judges sources by looking at them, for an engine that sees the files that we see. */
export interface LookingJudge {
  judge(source: string): Promise<SourceFact>;
  /** What a source is below another root folder: that of an engine with mounts of its own. */
  judgeBelow(root: string, source: string): Promise<SourceFact>;
  judgeFileSystem(device: string): Promise<SourceFact>;
  /** A way to the engine among the mounts of another namespace (its mountinfo), which is not one of our filtered sockets. */
  exposedIn(mountinfo: string): Promise<Exposed | undefined>;
}

export interface Exposed {
  readonly socket: string;
  /** Where what holds it is mounted there. */
  readonly point: string;
}

type Found = Extract<Look, { kind: 'found' }>;
type Missing = Extract<Look, { kind: 'missing' }>;

export function lookingJudge(places: OwnPlaces, procRoot: string, runtimeFolder: string | undefined): LookingJudge {
  const current = protectedSetReader(places, procRoot, runtimeFolder);
  return {
    async judge(source) {
      const cleaned = cleanPath(source);
      if (!cleaned.startsWith('/')) return notAbsolute;
      const set = await current();
      const fact = await judgePath(cleaned, set, places);
      // The engine cleans bind sources by their spelling, but gives a volume's device to the kernel, for which `..`
      // after a link leads elsewhere.
      if (!source.split('/').includes('..')) return fact;
      const unclean = await look(source, set.mounts);
      return unclean.kind === 'missing' ? fact : severest(fact, await judgeLook(unclean, set, places));
    },
    async judgeBelow(root, source) {
      const set = await current();
      const below = root + cleanPath(source);
      const identity = await identityOf(below);
      if (identity === undefined) return { kind: 'ordinary' };
      // Our own path of the same folder is the one below which our state can be told.
      const path = set.aboveState.get(identity.key) ?? below;
      return judgeFound({ kind: 'found', identity, path, throughProcess: false }, set, places);
    },
    async exposedIn(mountinfo) {
      const set = await current();
      const theirs = parseMounts(mountinfo);
      const ours = (path: string) => isWithin(path, places.socketsFolder) || places.standingSockets.includes(path);
      for (const [path, { name }] of set.paths) {
        const place = set.mounts?.locate(path);
        if (place === undefined || ours(path)) continue;
        const shows = theirs.find(
          ({ fileSystem, root, layers }) =>
            (fileSystem === place.fileSystem && isWithin(place.path, root)) ||
            layers.some((layer) => isWithin(path, layer)),
        );
        if (shows !== undefined) return { socket: name, point: shows.point };
      }
      return undefined;
    },
    async judgeFileSystem(device) {
      const set = await current();
      const found = await look(device, set.mounts);
      if (found.kind === 'failed') return { kind: 'unverifiable', why: found.why };
      const block = found.kind === 'found' ? found.identity.blockDevice : undefined;
      const shown = block === undefined ? undefined : set.devices.get(block);
      return shown === undefined ? { kind: 'ordinary' } : { kind: 'exposes', socket: shown };
    },
  };
}

/**
 * Sets are taken anew for each question, since engines re-create their sockets and users move folders; questions that
 * come in the same turn, as the mounts of one container do, share one.
 */
function protectedSetReader(places: OwnPlaces, procRoot: string, runtimeFolder: string | undefined) {
  const readMounts = mountTableReader(posix.join(procRoot, 'self/mountinfo'));
  const findSockets = socketFinder(patternsHere(places.engine, places.home, runtimeFolder));
  const folders: readonly ProtectedFolder[] = [
    { path: places.stateFolder, kind: 'state' },
    { path: places.socketsFolder, kind: 'sockets' },
    ...places.settingsFolders.map((path): ProtectedFolder => ({ path, kind: 'settings' })),
    ...SHIM_FOLDERS.map((path): ProtectedFolder => ({ path, kind: 'shims' })),
  ];
  const take = async () => {
    const [mounts, found] = await Promise.all([readMounts(), findSockets()]);
    return takeProtectedSet({ mounts, sockets: [...awaitedSockets(places), ...found], folders });
  };
  let shared: Promise<ProtectedSet> | undefined;
  return () => {
    shared ??= Promise.resolve().then(() => {
      shared = undefined;
      return take();
    });
    return shared;
  };
}

async function judgePath(path: string, set: ProtectedSet, places: OwnPlaces): Promise<SourceFact> {
  const found = await look(path, set.mounts);
  if (USUAL_PATHS.includes(path) && (found.kind !== 'found' || found.identity.isSocket)) {
    return { kind: 'socket', socket: path };
  }
  return judgeLook(found, set, places);
}

/** Judges what was found by what is protected. */
export async function judgeLook(found: Look, set: ProtectedSet, places: OwnPlaces): Promise<SourceFact> {
  switch (found.kind) {
    case 'failed':
      return { kind: 'unverifiable', why: found.why };
    case 'missing':
      return judgeMissing(found, set, places);
    case 'found':
      return judgeFound(found, set, places);
  }
}

async function judgeFound(found: Found, set: ProtectedSet, places: OwnPlaces): Promise<SourceFact> {
  const { identity, path } = found;
  // The path counts as well: the engine may have re-created its socket since the set was taken.
  const socket = set.sockets.get(identity.key) ?? (identity.isSocket ? set.paths.get(path) : undefined);
  if (socket !== undefined) return socketFact(socket);
  const within = await set.within(path, identity);
  if (within !== undefined) return judgeWithin(within, places);
  const folder = identity.isFolder ? judgeFolder(found, set) : undefined;
  if (folder !== undefined && folder.kind !== 'holds-state') return folder;
  if (found.throughProcess) return throughProcess;
  return severest(folder ?? { kind: 'ordinary' }, await throughLayers(path, set, places));
}

/** An overlay has inodes of its own, and leads to a socket in one of its layers all the same (Linux unix_find_bsd). */
async function throughLayers(path: string, set: ProtectedSet, places: OwnPlaces): Promise<SourceFact> {
  const facts = (set.mounts?.layersBehind(path) ?? []).map(async (layer): Promise<SourceFact> => {
    const found = await look(layer, set.mounts);
    // What is not for us to look at is no folder of ours, nor of who may open what we guard; its spelling is left.
    const missing = { kind: 'missing', path: layer, throughProcess: false } as const;
    const fact = await judgeLook(found.kind === 'failed' ? missing : found, set, places);
    switch (fact.kind) {
      case 'socket':
        return { kind: 'exposes', socket: fact.socket };
      case 'delivered-folder':
      case 'holds-state':
        return { kind: 'protected', what: `an overlay of Lockkeeper's own state (${layer})` };
      default:
        return fact;
    }
  });
  return (await Promise.all(facts)).reduce<SourceFact>(severest, { kind: 'ordinary' });
}

function judgeFolder({ identity, path }: Found, set: ProtectedSet): SourceFact | undefined {
  const { mounts } = set;
  const reach = set.above.get(identity.key);
  if (reach !== undefined) return reach;
  const linked = set.linked.find(
    ({ device, fileSystem }) =>
      device === identity.device || (fileSystem !== undefined && mounts?.showsBelow(path, fileSystem)),
  );
  if (linked !== undefined) {
    return { kind: 'unverifiable', why: `${linked.name} has another hard link, which may lie in this folder` };
  }
  if (mounts === undefined) return { kind: 'unverifiable', why: 'the mount table could not be read' };
  return judgeAboveState(path, identity.key, set);
}

function judgeAboveState(path: string, key: string, set: ProtectedSet): SourceFact | undefined {
  const known = set.aboveState.get(key);
  if (known === undefined) return undefined;
  // On a file system that ignores case our own spelling of the folder is the one that the state's path has.
  const base = set.mounts?.at(known) === set.mounts?.at(path) ? known : path;
  const held = [...set.statePaths].filter(([state]) => isWithin(state, base));
  const below = held.map(([state]) => posix.relative(base, state));
  const outermost = below.filter((one) => !below.some((other) => other !== one && isWithin(one, other)));
  if (outermost.length === 0) return undefined;
  const onlySettings = held.every(([, kind]) => kind === 'settings');
  return { kind: 'holds-state', below: outermost, ...(onlySettings && { onlySettings }) };
}

async function judgeMissing(missing: Missing, set: ProtectedSet, places: OwnPlaces): Promise<SourceFact> {
  const { path } = missing;
  const socket = set.paths.get(path);
  if (socket !== undefined) return socketFact(socket);
  const known = matchKnown(path, ENGINE_SIDE);
  if (known?.is === 'socket' && known.as === 'protected')
    return { kind: 'protected', what: `the control socket ${path}` };
  const within = await set.within(path, undefined);
  if (within !== undefined) return judgeWithin(within, places);
  // The engine would make it, for the container to write settings into.
  const settings = places.settingsFolders.find((folder) => isWithin(path, folder));
  if (settings !== undefined) return ownSettings(settings);
  for (const [awaited, { name }] of set.paths) {
    if (isWithin(awaited, path)) return { kind: 'exposes', socket: name };
  }
  return missing.throughProcess ? throughProcess : { kind: 'ordinary' };
}

const throughProcess: SourceFact = {
  kind: 'unverifiable',
  why: 'it leads through a link of a process in /proc, which can be another folder for the engine',
};

function socketFact({ as, name }: ProtectedSocket): SourceFact {
  return as === 'protected'
    ? { kind: 'protected', what: `the control socket ${name}` }
    : { kind: 'socket', socket: name };
}
