import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { systemClocks } from '../clocks/clocks.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { StateError, stateError } from '../state/state-error.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { type CutOffs, cutOffs } from './cut-offs.ts';
import { formerTargets } from './former-targets.ts';
import type { HolderRecord, HolderRecords } from './holder-records.ts';
import { findLeftovers, type KnownKeys, leftAt } from './leftovers.ts';
import { type ActiveSocket, type Mended, mendSockets } from './mend-sockets.ts';
import type { OwnContainers } from './own-containers.ts';
import { socketEvent } from './socket-event.ts';
import { makeFolder, type OpenedSocket, openSocket, type SocketFolderDeps, suspendSocket } from './socket-folder.ts';
import { socketTroubles } from './socket-troubles.ts';
import { staleSockets } from './stale-sockets.ts';

export interface ContainerSocketsDeps extends SocketFolderDeps {
  readonly records: HolderRecords;
  readonly engine: Pick<EngineClient, 'container' | 'containers' | 'removeContainer'>;
  /** The ID of the engine that answers now; undefined while none does. */
  readonly engineId: () => string | undefined;
  readonly record: (event: EventBody) => void;
  readonly failed: (error: unknown) => void;
  readonly own: Pick<OwnContainers, 'forget' | 'gone'>;
  readonly reached?: Reached;
}

/** The filtered sockets of containers, from the folder that is made for one to its removal. */
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
  containerCreated(): Promise<void>;
  containerStarted(containerId: string): void;
  containerRemoved(containerId: string): Promise<void>;
  /** Whether all sockets and records are where they were put. */
  areWhole(): Promise<boolean>;
  /** Makes anew what was deleted under us; what it cannot, it tries again each time. */
  mend(): Promise<Mended>;
  /** Which of them somebody has cut off by hand. */
  readonly cutOffs: CutOffs;
  /** When a holder's socket was delivered (RFC 3339), where that is known. */
  since(key: string): string | undefined;
  /** Whether its container sees something old until it is restarted itself. */
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

export function containerSockets(deps: ContainerSocketsDeps): ContainerSockets {
  const { folder, records, own, reached = goOn } = deps;
  const active = new Map<string, ActiveSocket>();
  const keys: KnownKeys = { reserved: new Set(), undelivered: new Map(), unreadable: new Set() };
  const former = formerTargets(records);
  const troubles = socketTroubles(deps.record);
  /** Containers that went while creates were under way, perhaps before we knew that they were ours. */
  const gone = new Set<string>();
  let isClosed = false;
  const holders = () => [...active.values()].map(({ holder }) => holder);
  const holderOf = (containerId: string) => holders().find((holder) => holder.containerId === containerId);

  const open = async ({ holder, ...more }: HolderRecord) => {
    const opened = await openSocket(deps, holder);
    active.set(holder.key, { holder, ...more, socket: opened.socket });
    return opened;
  };

  const release = (key: string) => {
    keys.reserved.delete(key);
    if (keys.reserved.size === 0) gone.clear();
  };

  const remove = async (key: string) => {
    const found = active.get(key);
    // At once: a tool that re-creates a container asks with its folder as soon as the old one is gone.
    if (found !== undefined) former.remember(found.holder);
    active.delete(key);
    cuts.forget(key);
    release(key);
    keys.undelivered.delete(key);
    await found?.socket.close({ cut: true });
    reached('socket-closed');
    // While its record is there, the next start finishes what a crash interrupts here.
    if (found !== undefined) await own.forget(key);
    reached('creations-forgotten');
    if (found === undefined) await records.drop(key);
    else await records.retire(key);
    reached('record-retired');
    await rm(join(folder, key), { recursive: true, force: true });
    reached('folder-removed');
    if (found !== undefined) deps.record(socketEvent('removed', found.holder));
    await former.tidy();
  };
  const adopt = async ({ holder: { key } }: HolderRecord, engine: string) => {
    const found = active.get(key);
    if (found === undefined) return;
    const adopted = { ...found, engine };
    active.set(key, adopted);
    await records.save(adopted);
    // Its container may have gone meanwhile, and its record with it.
    if (!active.has(key)) await records.retire(key);
  };
  const stale = staleSockets(deps);
  const cuts = cutOffs(deps);
  const { reserved, unreadable } = keys;
  const parts = { folder, records, active, reserved, unreadable, open, stale, cuts, troubles, reached };
  const mending = mendSockets(parts);
  const leftovers = findLeftovers({ ...deps, keys, active: () => [...active.values()], remove, adopt });

  return {
    async reserve() {
      const key = randomBytes(8).toString('hex');
      keys.reserved.add(key);
      try {
        await records.reserve(key);
        const made = await makeFolder(folder, key, deps.remappedRoot?.());
        reached('folder-reserved');
        return { key, folder: made.path };
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
      let opened: OpenedSocket | undefined;
      try {
        opened = await open(record);
        if (isClosed) throw new StateError('Lockkeeper is about to stop');
        reached('socket-listening');
        await records.save(record);
      } catch (error) {
        await opened?.socket.close({ cut: true });
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
      keys.undelivered.set(key, systemClocks.steady());
      release(key);
    },
    async restore() {
      const stored = await records.load();
      // Before any socket is open.
      cuts.restore(stored.cutOff);
      for (const [key, since] of stored.undelivered) keys.undelivered.set(key, leftAt(since));
      for (const key of stored.unreadable) keys.unreadable.add(key);
      for (const path of stored.keptAside) troubles.unreadable(path);
      await Promise.all(stored.records.map(mending.reopen));
      // Only now: containers that run wait for nothing else.
      former.load(await records.loadFormer());
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
      await own.gone(containerId);
      const holder = holderOf(containerId);
      if (holder === undefined && keys.reserved.size > 0) gone.add(containerId);
      // It may be one of those of which something was told.
      if (holder === undefined && leftovers.problems().length > 0) await leftovers.reconcile();
      if (holder === undefined) return;
      reached('removal-noticed');
      await remove(holder.key);
    },
    areWhole: mending.areWhole,
    mend: mending.mend,
    cutOffs: cuts,
    since: (key) => active.get(key)?.since,
    needsRestart: ({ containerId }) => stale.isStale(containerId),
    isReserved: (key) => keys.reserved.has(key) || keys.undelivered.has(key),
    problems: () => [...troubles.problems(), ...leftovers.problems(), ...stale.problems()],
    holders,
    holderOf,
    targetsOf: (key) => active.get(key)?.holder.targets ?? former.of(key),
    async close() {
      isClosed = true;
      await Promise.all([...active.values()].map(({ socket }) => suspendSocket(socket)));
      active.clear();
    },
  };
}
