import { randomBytes } from 'node:crypto';
import { chmod, lchown, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Listener, SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { GateSocket } from '../gate/listen.ts';
import { SOCKET_NAME } from './delivery.ts';
import type { HolderRecords } from './holder-records.ts';

export interface ContainerSocketsDeps {
  /** Holds one folder a socket; on storage that survives a reboot, since the engine may be up before us. */
  readonly folder: string;
  readonly records: HolderRecords;
  readonly engine: EngineClient;
  readonly endpoint: EngineEndpoint;
  readonly listen: (path: string, mode: number, listener: () => Listener) => Promise<GateSocket>;
  readonly record: (event: EventBody) => void;
}

/** The filtered sockets of containers, from the folder that is made for one to its removal with the container. */
export interface ContainerSockets {
  /** A folder for a socket whose container does not exist yet. */
  reserve(): Promise<{ readonly key: string; readonly folder: string }>;
  /** Makes the socket work; resolves when it accepts and is recorded on disk. */
  activate(holder: SocketHolder): Promise<void>;
  /** Takes a socket away, with its connections, its record and its folder. */
  remove(key: string): Promise<void>;
  /** Opens the sockets of all recorded containers again. What the engine no longer has is cleaned up by `reconcile`. */
  restore(): Promise<void>;
  /** Removes what belongs to containers that the engine does not have any more. */
  reconcile(): Promise<void>;
  containerRemoved(containerId: string): Promise<void>;
  holders(): readonly SocketHolder[];
  holderOf(containerId: string): SocketHolder | undefined;
  /** Where the socket of a folder was wanted; also for a while after its container was removed. */
  targetsOf(key: string): readonly string[] | undefined;
  close(): Promise<void>;
}

interface ActiveSocket {
  readonly holder: SocketHolder;
  readonly socket: GateSocket;
}

export function containerSockets(deps: ContainerSocketsDeps): ContainerSockets {
  const active = new Map<string, ActiveSocket>();
  const reserved = new Set<string>();
  const former = new Map<string, readonly string[]>();
  const holders = () => [...active.values()].map(({ holder }) => holder);
  const holderOf = (containerId: string) => holders().find((holder) => holder.containerId === containerId);

  const open = async (holder: SocketHolder) => {
    const folder = await makeFolder(deps.folder, holder.key);
    const path = join(folder, SOCKET_NAME);
    const rights = await socketRights(deps.endpoint, path);
    const socket = await deps.listen(path, rights.mode, () => ({ kind: 'container-socket', holder }));
    if (rights.owner !== undefined) await lchown(path, rights.owner.uid, rights.owner.gid);
    active.set(holder.key, { holder, socket });
  };

  const remove = async (key: string) => {
    const found = active.get(key);
    active.delete(key);
    reserved.delete(key);
    await found?.socket.close({ cut: true });
    await deps.records.remove(key);
    await rm(join(deps.folder, key), { recursive: true, force: true });
    if (found === undefined) return;
    remember(former, key, found.holder.targets);
    deps.record(socketEvent('removed', found.holder));
  };

  return {
    async reserve() {
      const key = randomBytes(8).toString('hex');
      reserved.add(key);
      return { key, folder: await makeFolder(deps.folder, key) };
    },
    async activate(holder) {
      await open(holder);
      await deps.records.save(holder);
      reserved.delete(holder.key);
      deps.record(socketEvent('delivered', holder));
    },
    remove,
    async restore() {
      const { holders: recorded, unreadable } = await deps.records.load();
      for (const name of unreadable) deps.record(alarm(`the record ${name} of a container's socket cannot be read`));
      await Promise.all(recorded.map(open));
    },
    async reconcile() {
      for (const { key, containerId } of holders()) {
        if ((await deps.engine.container(containerId)) === undefined) await remove(key);
      }
      for (const key of await readdir(deps.folder)) {
        if (!active.has(key) && !reserved.has(key)) await rm(join(deps.folder, key), { recursive: true, force: true });
      }
    },
    async containerRemoved(containerId) {
      const holder = holderOf(containerId);
      if (holder !== undefined) await remove(holder.key);
    },
    holders,
    holderOf,
    targetsOf: (key) => active.get(key)?.holder.targets ?? former.get(key),
    async close() {
      await Promise.all([...active.values()].map(({ socket }) => socket.close({ cut: true })));
      active.clear();
    },
  };
}

/** Tools that re-create a container remove the old one first, and then send its folder back as a source. */
const MOST_FORMER = 1000;

function remember(former: Map<string, readonly string[]>, key: string, targets: readonly string[]): void {
  former.set(key, targets);
  const [oldest] = former.keys();
  if (former.size > MOST_FORMER && oldest !== undefined) former.delete(oldest);
}

/** Users of the container must get through the folder, whatever our own mask is; its parent lets nobody but us pass. */
async function makeFolder(parent: string, key: string): Promise<string> {
  const folder = join(parent, key);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o755);
  return folder;
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
  if (endpoint.kind !== 'socket' || process.getuid?.() !== 0) return { mode: 0o666 };
  // The engine may be away while we start again: then our own former socket tells what its rights were.
  const model = (await stat(endpoint.path).catch(() => undefined)) ?? (await lstat(path).catch(() => undefined));
  if (model === undefined) return { mode: 0o600 };
  return { mode: model.mode & 0o666, owner: { uid: model.uid, gid: model.gid } };
}

function socketEvent(change: 'delivered' | 'removed', holder: SocketHolder): EventBody {
  const { key, containerId, image, entry, targets } = holder;
  return { type: 'socket', change, key, containerId, image, entry, targets: [...targets] };
}

function alarm(detail: string): EventBody {
  return { type: 'lifecycle', what: 'alarm', detail };
}
