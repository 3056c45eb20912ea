import { posix } from 'node:path';
import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import { foldersAbove } from './clean-path.ts';
import type { ProtectedSocket } from './known-sockets.ts';
import { type Identity, identityOf, type Look, look } from './look.ts';
import type { MountTable, Way } from './mount-table.ts';

/** A folder of ours that no container gets, nor anything in it but what is delivered. */
export interface ProtectedFolder {
  readonly path: string;
  readonly kind: 'state' | 'sockets' | 'settings' | 'shims';
}

/** Something that lies in a protected folder, or is it (`rest` is empty). */
export interface Within {
  readonly folder: ProtectedFolder;
  readonly rest: string;
}

/** What a folder leads to. */
export type Reach =
  | { readonly kind: 'exposes'; readonly socket: string }
  | { readonly kind: 'unverifiable'; readonly why: string };

/** Everything protected as it is at one moment. Keys are those of {@link Identity}. */
export interface ProtectedSet {
  readonly mounts: MountTable | undefined;
  readonly sockets: ReadonlyMap<string, ProtectedSocket>;
  /** Where protected sockets are, or are awaited, without links. */
  readonly paths: ReadonlyMap<string, ProtectedSocket>;
  /** Folders that lead to a protected socket. */
  readonly above: ReadonlyMap<string, Reach>;
  /** Sockets that have a second name somewhere on their file system. */
  readonly linked: readonly LinkedSocket[];
  /** Paths of our state in this mount namespace, and of the folders of our settings. */
  readonly statePaths: ReadonlyMap<string, 'state' | 'settings'>;
  /** Folders above these, each with the path by which it was found. */
  readonly aboveState: ReadonlyMap<string, string>;
  /** File systems that hold a protected socket or our state, by stat's device. */
  readonly devices: ReadonlyMap<bigint, string>;
  within(path: string, identity: Identity | undefined): Promise<Within | undefined>;
}

export interface LinkedSocket {
  readonly name: string;
  readonly device: bigint;
  readonly fileSystem: string | undefined;
}

export interface SetInputs {
  readonly mounts: MountTable | undefined;
  readonly sockets: readonly ProtectedSocket[];
  readonly folders: readonly ProtectedFolder[];
}

/** Looks at all that is protected: where it is, and which folders lead to it, walking up and by the mount table. */
export async function takeProtectedSet(inputs: SetInputs): Promise<ProtectedSet> {
  const { mounts, sockets, folders } = inputs;
  const identify = remembering(identityOf);
  const roots = await rootsOf(folders, mounts, identify);
  const within = (path: string, identity: Identity | undefined) => findWithin(path, identity, roots, identify);
  const looks = await Promise.all(sockets.map(({ path }) => look(path, mounts)));
  const building: Building = { mounts, identify, within, ...emptyMaps() };
  // What comes first names a thing that has several names.
  for (const [index, socket] of sockets.entries()) {
    const found = looks[index];
    if (found !== undefined) await addSocket(building, socket, found);
  }
  const statePaths = await addState(building, folders);
  return { ...building, statePaths, mounts, within };
}

interface Building extends ReturnType<typeof emptyMaps> {
  readonly mounts: MountTable | undefined;
  readonly identify: Identify;
  readonly within: ProtectedSet['within'];
}

type Identify = (path: string) => Promise<Identity | undefined>;

function emptyMaps() {
  return {
    sockets: new Map<string, ProtectedSocket>(),
    paths: new Map<string, ProtectedSocket>(),
    above: new Map<string, Reach>(),
    linked: [] as LinkedSocket[],
    aboveState: new Map<string, string>(),
    devices: new Map<bigint, string>(),
  };
}

/** One stat a path and set, however many walks come by. */
function remembering(identify: Identify): Identify {
  const known = new Map<string, Promise<Identity | undefined>>();
  return (path) => {
    const found = known.get(path) ?? identify(path);
    known.set(path, found);
    return found;
  };
}

async function addSocket(building: Building, socket: ProtectedSocket, found: Look): Promise<void> {
  if (found.kind === 'failed') {
    await mark(building, foldersAbove(socket.path), { kind: 'unverifiable', why: found.why });
    return;
  }
  if (found.kind === 'found' && !found.identity.isSocket) return;
  if (found.kind === 'missing' && !socket.isAwaited) return;
  if (!building.paths.has(found.path)) building.paths.set(found.path, socket);
  if (found.kind === 'found') addIdentity(building, socket, found.path, found.identity);
  // A folder above our state is mounted with the state covered, and with it this socket.
  if ((await building.within(found.path, undefined)) !== undefined) return;
  for (const way of waysTo(building.mounts, found.path)) {
    await mark(building, foldersOf(building.mounts, way), { kind: 'exposes', socket: socket.name });
  }
}

function addIdentity(building: Building, socket: ProtectedSocket, path: string, identity: Identity): void {
  if (building.sockets.has(identity.key)) return;
  building.sockets.set(identity.key, socket);
  building.devices.set(identity.device, socket.name);
  if (identity.links > 1n) {
    const fileSystem = building.mounts?.at(path)?.fileSystem;
    building.linked.push({ name: socket.name, device: identity.device, fileSystem });
  }
}

/** What is known to lead to a socket says more than what could not be looked at. */
async function mark(building: Building, folders: readonly string[], reach: Reach): Promise<void> {
  for (const identity of await Promise.all(folders.map(building.identify))) {
    if (identity === undefined) continue;
    const known = building.above.get(identity.key);
    if (known === undefined || (known.kind === 'unverifiable' && reach.kind === 'exposes')) {
      building.above.set(identity.key, reach);
    }
  }
}

async function addState(
  building: Building,
  folders: readonly ProtectedFolder[],
): Promise<ReadonlyMap<string, 'state' | 'settings'>> {
  const statePaths = new Map<string, 'state' | 'settings'>();
  for (const folder of folders.filter(({ kind }) => kind !== 'shims')) {
    const kind = folder.kind === 'settings' ? 'settings' : 'state';
    const found = await look(folder.path, building.mounts);
    if (found.kind !== 'found') continue;
    building.devices.set(found.identity.device, "Lockkeeper's state");
    const ways = [...waysTo(building.mounts, found.path), ...mountsFromWithin(building.mounts, found.path)];
    for (const way of ways) {
      if (!statePaths.has(way.path)) statePaths.set(way.path, kind);
      await addAboveState(building, way);
    }
  }
  return statePaths;
}

async function addAboveState(building: Building, way: WayUp): Promise<void> {
  for (const folder of foldersOf(building.mounts, way)) {
    const identity = await building.identify(folder);
    if (identity !== undefined && !building.aboveState.has(identity.key)) building.aboveState.set(identity.key, folder);
  }
}

type WayUp = Omit<Way, 'mount'> & { readonly mount: Way['mount'] | undefined };

/** Without a mount table the path itself is all that is known; folders cannot be vouched for then. */
function waysTo(mounts: MountTable | undefined, path: string): readonly WayUp[] {
  const ways = mounts?.waysTo(path) ?? [];
  return ways.some((way) => way.path === path) ? ways : [...ways, { path, mount: mounts?.at(path) }];
}

function mountsFromWithin(mounts: MountTable | undefined, path: string): readonly WayUp[] {
  const from = mounts?.mountsFromWithin(path) ?? [];
  return from.map(({ point }) => ({ path: point, mount: mounts?.at(point) }));
}

/** The folders on a way that lead to its end, leaving out those that another mount covers. */
function foldersOf(mounts: MountTable | undefined, { path, mount }: WayUp): readonly string[] {
  const folders = foldersAbove(path);
  if (mounts === undefined || mount === undefined) return folders;
  return folders.filter((folder) => !isWithin(folder, mount.point) || mounts.at(folder) === mount);
}

interface Root {
  readonly within: Within;
}

/** The identities of protected folders, and of what is mounted elsewhere from inside them. */
async function rootsOf(
  folders: readonly ProtectedFolder[],
  mounts: MountTable | undefined,
  identify: Identify,
): Promise<ReadonlyMap<string, Root>> {
  const roots = new Map<string, Root>();
  for (const folder of folders) {
    const found = await look(folder.path, mounts);
    if (found.kind !== 'found') continue;
    for (const { point, rest } of mounts?.mountsFromWithin(found.path) ?? []) {
      const identity = await identify(point);
      if (identity !== undefined) roots.set(identity.key, { within: { folder, rest } });
    }
    roots.set(found.identity.key, { within: { folder, rest: '' } });
  }
  return roots;
}

/** Walks up from a path until it meets a protected folder. */
async function findWithin(
  path: string,
  identity: Identity | undefined,
  roots: ReadonlyMap<string, Root>,
  identify: Identify,
): Promise<Within | undefined> {
  const itself = identity && roots.get(identity.key);
  if (itself !== undefined) return itself.within;
  const folders = foldersAbove(path);
  const identities = await Promise.all(folders.map(identify));
  for (const [index, found] of identities.entries()) {
    const root = found && roots.get(found.key);
    const folder = folders[index];
    if (root === undefined || folder === undefined) continue;
    return { folder: root.within.folder, rest: posix.join(root.within.rest, posix.relative(folder, path)) };
  }
  return undefined;
}
