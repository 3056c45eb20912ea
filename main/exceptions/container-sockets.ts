import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { GateSocket } from '../gate/listen.ts';
import { stateError } from '../state/state-error.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { type CutOffs, cutOffs } from './cut-offs.ts';
import { SOCKET_NAME } from './delivery.ts';
import { type HolderRecord, type HolderRecords, MOST_FORMER } from './holder-records.ts';
import { findLeftovers, type KnownKeys } from './leftovers.ts';
import { socketEvent } from './socket-event.ts';
import { isStanding, makeFolder, openSocket, type SocketFolderDeps, suspendSocket } from './socket-folder.ts';
import { staleSockets } from './stale-sockets.ts';

export interface ContainerSocketsDeps extends SocketFolderDeps {
  readonly records: HolderRecords;
  readonly engine: Pick<EngineClient, 'container' | 'containers' | 'removeContainer'>;
  /** The ID of the engine that answers now; undefined while none does. */
  readonly engineId: () => string | undefined;
  readonly record: (event: EventBody) => void;
  readonly failed: (error: unknown) => void;
  /** A socket is gone for good, with what else is kept by its key. */
  readonly forget?: (key: string) => Promise<void>;
  readonly reached?: Reached;
}

/** The filtered sockets of containers, from the folder that is made for one to its removal with the container. */
export interface ContainerSockets {
  /** A folder for a socket whose container does not exist yet. */
  reserve(): Promise<{ readonly key: string; readonly folder: string }>;
  /** Makes the socket work; resolves when it accepts, is recorded on disk, and its client may be told. */
  activate(holder: SocketHolder): Promise<void>;
  /** Takes a socket away, with its connections, its record and its folder. */
  remove(key: string): Promise<void>;
  /** Nobody knows whether the engine has created the container of a reservation: it is removed where it turns up. */
  abandon(key: string): void;
  /** Opens the sockets of all recorded containers again. What the engine no longer has is cleaned up by `reconcile`. */
  restore(): Promise<void>;
  /** Removes what belongs to containers that the engine does not have any more, or that nobody was told of. */
  reconcile(): Promise<void>;
  /** Whether creates are open of which nobody knows what came of them. */
  hasUndelivered(): boolean;
  containerCreated(containerId: string): Promise<void>;
  containerStarted(containerId: string): void;
  containerRemoved(containerId: string): Promise<void>;
  /**
   * Opens again what was deleted under us, and with `records` writes those anew; resolves to the holders that have to be
   * restarted to see their socket.
   */
  mend(what: { readonly records: boolean }): Promise<readonly SocketHolder[]>;
  /** Which of them somebody has cut off by hand. */
  readonly cutOffs: CutOffs;
  /** When a holder's socket was delivered (RFC 3339), where that is known. */
  since(key: string): string | undefined;
  /** Whether its container sees the socket from before our last restart until it is restarted itself. */
  needsRestart(holder: SocketHolder): boolean;
  /** Whether a create with that key is under way, so that its container cannot be known yet. */
  isReserved(key: string): boolean;
  /** What is wrong with single sockets, in sentences with their remedy. */
  problems(): readonly string[];
  holders(): readonly SocketHolder[];
  holderOf(containerId: string): SocketHolder | undefined;
  /** Where the socket of a folder was wanted; also after its container was removed. */
  targetsOf(key: string): readonly string[] | undefined;
  close(): Promise<void>;
}

interface ActiveSocket extends HolderRecord {
  readonly socket: GateSocket;
}

export function containerSockets(deps: ContainerSocketsDeps): ContainerSockets {
  const { folder, records, reached = goOn } = deps;
  const active = new Map<string, ActiveSocket>();
  const keys: KnownKeys = { reserved: new Set(), undelivered: new Map(), unreadable: new Set() };
  const former = new Map<string, readonly string[]>();
  const troubles = new Map<string, string>();
  /** Containers that went while creates were under way, perhaps before we knew that they were ours. */
  const gone = new Set<string>();
  const holders = () => [...active.values()].map(({ holder }) => holder);
  const holderOf = (containerId: string) => holders().find((holder) => holder.containerId === containerId);

  const open = async ({ holder, ...more }: HolderRecord) => {
    const socket = await openSocket(deps, holder);
    active.set(holder.key, { holder, ...more, socket });
  };

  const release = (key: string) => {
    keys.reserved.delete(key);
    if (keys.reserved.size === 0) gone.clear();
  };

  const remove = async (key: string) => {
    const found = active.get(key);
    // At once: a tool that re-creates a container asks with its folder as soon as the old one is gone.
    if (found !== undefined) remember(former, found.holder);
    active.delete(key);
    cuts.forget(key);
    release(key);
    keys.undelivered.delete(key);
    await found?.socket.close({ cut: true });
    reached('socket-closed');
    if (found === undefined) await records.drop(key);
    else await records.retire(key);
    reached('record-retired');
    await rm(join(folder, key), { recursive: true, force: true });
    reached('folder-removed');
    if (found === undefined) return;
    deps.record(socketEvent('removed', found.holder));
    await deps.forget?.(key);
  };
  const stale = staleSockets(deps);
  const cuts = cutOffs(deps);
  const leftovers = findLeftovers({ ...deps, keys, active: () => [...active.values()], remove });

  return {
    async reserve() {
      const key = randomBytes(8).toString('hex');
      keys.reserved.add(key);
      try {
        await records.reserve(key);
        const made = await makeFolder(folder, key, deps.remappedRoot?.());
        reached('folder-reserved');
        return { key, folder: made };
      } catch (error) {
        release(key);
        await records.drop(key).catch(() => undefined);
        throw stateError(folder, error);
      }
    },
    async activate(holder) {
      const engine = deps.engineId();
      const since = new Date().toISOString();
      const record: HolderRecord = { holder, since, ...(engine !== undefined && { engine }) };
      try {
        await open(record);
        reached('socket-listening');
        await records.save(record);
      } catch (error) {
        await active.get(holder.key)?.socket.close({ cut: true });
        active.delete(holder.key);
        throw stateError(folder, error);
      }
      reached('record-written');
      const isGone = gone.has(holder.containerId);
      records.delivered(holder.key);
      release(holder.key);
      deps.record(socketEvent('delivered', holder));
      if (isGone) await remove(holder.key);
    },
    remove,
    abandon(key) {
      keys.undelivered.set(key, Date.now());
      release(key);
    },
    async restore() {
      const stored = await records.load();
      for (const holder of stored.former) remember(former, holder);
      // Before any socket is open.
      cuts.restore(stored.cutOff);
      for (const [key, since] of stored.undelivered) keys.undelivered.set(key, since);
      for (const key of stored.unreadable) keys.unreadable.add(key);
      for (const path of stored.keptAside) tell(path, unreadable(path));
      await Promise.all(stored.records.map(reopen));
    },
    async reconcile() {
      await leftovers.reconcile();
      await stale.check();
    },
    hasUndelivered: () => keys.undelivered.size > 0,
    async containerCreated() {
      if (keys.undelivered.size > 0) await leftovers.reconcile();
    },
    containerStarted: stale.started,
    async containerRemoved(containerId) {
      stale.removed(containerId);
      const holder = holderOf(containerId);
      if (holder === undefined && keys.reserved.size > 0) gone.add(containerId);
      if (holder === undefined) return;
      reached('removal-noticed');
      await remove(holder.key);
    },
    async mend(what) {
      const lost: SocketHolder[] = [];
      for (const record of [...active.values()]) {
        const { holder, socket } = record;
        if (what.records) {
          await records.save(record);
          await cuts.mend(holder.key);
        }
        const isLost = !(await isStanding(join(folder, holder.key), SOCKET_NAME));
        // Its container may have gone meanwhile, and its socket with it.
        if (!isLost || active.get(holder.key) !== record) continue;
        await socket.close({ cut: false });
        await reopen(record);
        lost.push(holder);
      }
      return lost;
    },
    cutOffs: cuts,
    since: (key) => active.get(key)?.since,
    needsRestart: ({ containerId }) => stale.isStale(containerId),
    isReserved: (key) => keys.reserved.has(key) || keys.undelivered.has(key),
    problems: () => [...troubles.values(), ...leftovers.problems(), ...stale.problems()],
    holders,
    holderOf,
    targetsOf: (key) => active.get(key)?.holder.targets ?? former.get(key),
    async close() {
      await Promise.all([...active.values()].map(({ socket }) => suspendSocket(socket)));
      active.clear();
    },
  };

  function tell(about: string, words: string): void {
    if (troubles.get(about) !== words) deps.record({ type: 'lifecycle', what: 'alarm', detail: words });
    troubles.set(about, words);
  }

  /** One socket that cannot be opened must not keep the others closed. */
  async function reopen(record: HolderRecord): Promise<void> {
    const { key } = record.holder;
    try {
      await open(record);
      stale.renewed(record.holder);
      troubles.delete(key);
      reached('socket-restored');
    } catch (error) {
      keys.unreadable.add(key);
      tell(key, unopened(record.holder, error));
    }
  }
}

function remember(former: Map<string, readonly string[]>, { key, targets }: SocketHolder): void {
  former.set(key, targets);
  const [oldest] = former.keys();
  if (former.size > MOST_FORMER && oldest !== undefined) former.delete(oldest);
}

function unreadable(path: string): string {
  return `the record of a container's socket cannot be read; it is kept as ${path}. Its container has no socket: remove that container and create it again, then remove the file`;
}

function unopened(holder: SocketHolder, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `the socket of container ${holder.containerId.slice(0, 12)} (${holder.image}) cannot be opened: ${why}; mend that and restart Lockkeeper`;
}
