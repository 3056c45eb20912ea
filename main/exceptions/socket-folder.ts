import { chmod, lchown, lstat, mkdir, open, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Listener, SocketHolder } from '../../shared/decision/listener.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { HostUser } from '../engine/engine-client.ts';
import type { GateSocket } from '../gate/listen.ts';
import { SOCKET_NAME } from './delivery.ts';

export interface SocketFolderDeps {
  /** Holds one folder a socket; on storage that survives a reboot, since the engine may be up before us. */
  readonly folder: string;
  readonly endpoint: EngineEndpoint;
  /** Whom root is in containers on the host, where the engine remaps users. */
  readonly remappedRoot?: () => HostUser | undefined;
  readonly listen: (path: string, listener: () => Listener) => Promise<GateSocket>;
}

/**
 * Users of the container must get through the folder, whatever our own mask is; its parent lets nobody but us pass. It
 * belongs to the container's root, which also tells later, without the engine, whom users of the container are here.
 */
export async function makeFolder(parent: string, key: string, root?: HostUser): Promise<MadeFolder> {
  const path = join(parent, key);
  const isNew = (await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined;
  await chmod(path, 0o755);
  if (isNew && root !== undefined && mayGiveAway()) await lchown(path, root.uid, root.gid);
  return { path, isNew };
}

export interface MadeFolder {
  readonly path: string;
  /** There was none: who has a former one mounted sees nothing of this one. */
  readonly isNew: boolean;
}

export interface OpenedSocket {
  readonly socket: GateSocket;
  readonly isFolderNew: boolean;
}

/** Listens for one container, in its folder. */
export async function openSocket(deps: SocketFolderDeps, holder: SocketHolder): Promise<OpenedSocket> {
  const folder = await makeFolder(deps.folder, holder.key, deps.remappedRoot?.());
  const path = join(folder.path, SOCKET_NAME);
  const rights = await socketRights(deps.endpoint, path);
  await clearPlace(path);
  const socket = await deps.listen(path, () => ({ kind: 'container-socket', holder }));
  // By their path, since a socket's file cannot be opened: nobody but we can change what is in this folder.
  await chmod(path, rights.mode);
  if (rights.owner !== undefined) await lchown(path, rights.owner.uid, rights.owner.gid);
  return { socket, isFolderNew: folder.isNew };
}

/**
 * Closes a socket for as long as Lockkeeper is stopped, and leaves a file in its place, with its owner and mode: where
 * the engine finds nothing it makes a folder, and a container whose socket file is mounted would not come up with that.
 */
export async function suspendSocket(socket: GateSocket): Promise<void> {
  const former = await lstat(socket.path).catch(() => undefined);
  await socket.close({ cut: true });
  if (former === undefined) return;
  const file = await open(socket.path, 'wx', 0o600);
  try {
    if (mayGiveAway()) await file.chown(former.uid, former.gid);
    await file.chmod(former.mode & 0o666);
  } finally {
    await file.close();
  }
}

/** Removes what was put in the place of a socket while there was none: by us a file, by the engine an empty folder. */
async function clearPlace(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory() === true) await rmdir(path);
  if (found?.isFile() === true) await unlink(path);
}

function mayGiveAway(): boolean {
  return process.getuid?.() === 0;
}

/** Whether there is still a socket in the folder; whose, only its container could tell. */
export async function isStanding(folder: string, name: string): Promise<boolean> {
  return lstat(join(folder, name)).then(
    (found) => found.isSocket(),
    () => false,
  );
}

/**
 * The owner and mode that a container finds on its socket: those of the engine's own, so that a process that could use
 * that one can use this one. Where we may not give it away, everybody in the container may use it: nobody else can
 * reach the folder, which lies in our private state and is mounted into this container only.
 */
async function socketRights(
  endpoint: EngineEndpoint,
  path: string,
): Promise<{ mode: number; owner?: { uid: number; gid: number } }> {
  if (endpoint.kind !== 'socket' || !mayGiveAway()) return { mode: 0o666 };
  // The engine may be away while we start again: then our own former socket, or what was left in its place, tells what
  // its rights were.
  const model = await stat(endpoint.path).catch(() => undefined);
  const former = await lstat(path).catch(() => undefined);
  if (model === undefined) return former === undefined || former.isDirectory() ? { mode: 0o600 } : rightsOf(former);
  const root = await lstat(dirname(path));
  return rightsOf({ mode: model.mode, uid: root.uid + model.uid, gid: root.gid + model.gid });
}

function rightsOf({ mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number }) {
  return { mode: mode & 0o666, owner: { uid, gid } };
}
