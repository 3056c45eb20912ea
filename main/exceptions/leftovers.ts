import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventBody } from '../../shared/journal/event.ts';
import { systemClocks } from '../clocks/clocks.ts';
import type { EngineClient, ListedContainer } from '../engine/engine-client.ts';
import type { Reached } from '../steps/step.ts';
import type { HolderRecord, HolderRecords } from './holder-records.ts';

/** Keys of folders that are not (or not yet) those of a container with a record. */
export interface KnownKeys {
  /** Creates that are under way. */
  readonly reserved: Set<string>;
  /** Creates of which nobody knows what came of them, with their time by the steady clock (see Clocks). */
  readonly undelivered: Map<string, number>;
  /** Records that cannot be used; what they are about is left alone. */
  readonly unreadable: Set<string>;
}

export interface LeftoversDeps {
  readonly folder: string;
  readonly records: Pick<HolderRecords, 'delivered'>;
  readonly engine: Pick<EngineClient, 'container' | 'containers' | 'removeContainer'>;
  readonly engineId: () => string | undefined;
  readonly record: (event: EventBody) => void;
  readonly keys: KnownKeys;
  readonly active: () => readonly HolderRecord[];
  readonly remove: (key: string) => Promise<void>;
  /** Notes the ID that the engine of a container has now. */
  readonly adopt: (record: HolderRecord, engine: string) => Promise<void>;
  readonly reached?: Reached;
}

/** An engine that still works on a create after this will not come to an end with it. */
const CREATE_MS = 10 * 60_000;

/** When a create was that an earlier run left, by the steady clock; one from the future may have begun just now. */
export function leftAt(wall: number): number {
  const age = Math.min(Math.max(systemClocks.wall() - wall, 0), CREATE_MS);
  return systemClocks.steady() - age;
}

/** Finds what belongs to nobody, by what the engine says it has, and removes it or says why it stays. */
export function findLeftovers(deps: LeftoversDeps) {
  let problems: readonly string[] = [];
  let running: Promise<void> | undefined;
  let again = false;

  const run = async () => {
    do {
      again = false;
      await reconcile();
    } while (again);
  };
  const reconcile = async () => {
    const all = await deps.engine.containers();
    const settled = await settleUndelivered(deps, all);
    const listed = all.filter(({ id }) => !settled.has(id));
    const foreign = await retireGone(deps, listed);
    const orphans = await removeFolders(deps, listed);
    const found = [...foreign, ...orphans];
    for (const words of found) {
      if (!problems.includes(words)) deps.record({ type: 'lifecycle', what: 'alarm', detail: words });
    }
    problems = found;
  };
  return {
    /** A call while one runs makes it run once more: what the caller knows may be newer than its list. */
    reconcile(): Promise<void> {
      again = running !== undefined;
      running ??= run().finally(() => {
        running = undefined;
      });
      return running;
    },
    problems: () => problems,
  };
}

/** The container that has something of a socket's folder mounted. */
function mounting(listed: readonly ListedContainer[], folder: string, key: string): ListedContainer | undefined {
  return listed.find((container) => keysIn(container, folder).includes(key));
}

/**
 * A create whose client was never answered: the client takes it for failed and asks again, under the same name. So the
 * container goes, unless somebody has started it all the same, which it could be by its name. Resolves to the IDs of
 * those that went.
 */
async function settleUndelivered(
  deps: LeftoversDeps,
  listed: readonly ListedContainer[],
): Promise<ReadonlySet<string>> {
  const { folder, keys, records } = deps;
  const removed = new Set<string>();
  for (const [key, since] of [...keys.undelivered]) {
    const container = mounting(listed, folder, key);
    if (container === undefined) {
      if (systemClocks.steady() - since >= CREATE_MS || hasRecord(deps, key)) await deps.remove(key);
    } else if (container.state === 'created') {
      await deps.engine.removeContainer(container.id);
      removed.add(container.id);
      deps.reached?.('leftover-removed');
      await deps.remove(key);
      deps.record({ type: 'lifecycle', what: 'alarm', detail: undeliveredWords(container) });
    } else {
      records.delivered(key);
      keys.undelivered.delete(key);
    }
  }
  return removed;
}

function hasRecord({ active }: LeftoversDeps, key: string): boolean {
  return active().some(({ holder }) => holder.key === key);
}

/** Removes the sockets of containers of which the very engine that had them says that they are gone. */
async function retireGone(deps: LeftoversDeps, listed: readonly ListedContainer[]): Promise<readonly string[]> {
  const current = deps.engineId();
  const present = new Set(listed.map(({ id }) => id));
  const own = await adoptRenamed(deps, present, current);
  const foreign = new Map<string, number>();
  for (const { holder, engine } of deps.active()) {
    if (present.has(holder.containerId)) continue;
    if (engine !== undefined && engine !== current && !own.has(engine)) {
      foreign.set(engine, (foreign.get(engine) ?? 0) + 1);
      continue;
    }
    // The list may be older than the container; asked for by name, the engine cannot overlook it.
    if ((await deps.engine.container(holder.containerId)) === undefined) await deps.remove(holder.key);
  }
  return current === undefined ? [] : [...foreign].map(([engine, count]) => foreignWords(engine, current, count));
}

/**
 * An engine gets another ID when it is upgraded past version 24 (moby daemon/id.go makes one where its `engine-id` file is
 * missing; up to then it was that of a key). Its containers are the proof that it is the same: nobody else has a container
 * of that ID. Resolves to the IDs that it had before.
 */
async function adoptRenamed(
  { active, adopt }: LeftoversDeps,
  present: ReadonlySet<string>,
  current: string | undefined,
): Promise<ReadonlySet<string>> {
  const former = new Set<string>();
  if (current === undefined) return former;
  for (const record of active()) {
    if (record.engine === undefined || record.engine === current || !present.has(record.holder.containerId)) continue;
    former.add(record.engine);
    await adopt(record, current);
  }
  return former;
}

/**
 * Folders without a record are removed; containers that have one mounted have no socket, which is told. The folder may
 * be gone as well, so it is the containers that are asked about theirs.
 */
async function removeFolders(deps: LeftoversDeps, listed: readonly ListedContainer[]): Promise<readonly string[]> {
  const { folder, keys } = deps;
  const isKnown = (key: string) =>
    keys.reserved.has(key) || keys.undelivered.has(key) || keys.unreadable.has(key) || hasRecord(deps, key);
  const orphans = listed.filter((container) => keysIn(container, folder).some((key) => !isKnown(key)));
  const mounted = new Set(orphans.flatMap((container) => keysIn(container, folder)));
  for (const key of await readdir(folder)) {
    if (!isKnown(key) && !mounted.has(key)) await rm(join(folder, key), { recursive: true, force: true });
  }
  // As above: one that is about to go may still be in the list.
  const present = await Promise.all(orphans.map(async ({ id }) => (await deps.engine.container(id)) !== undefined));
  return orphans.filter((_, index) => present[index]).map(orphanWords);
}

/** The keys of the socket folders that a container has mounted. */
function keysIn({ sources }: ListedContainer, folder: string): readonly string[] {
  return sources.flatMap((path) => (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split('/', 1) : []));
}

function named({ name, id }: ListedContainer): string {
  return `${name} (${id.slice(0, 12)})`;
}

function undeliveredWords(container: ListedContainer): string {
  return `container ${named(container)} was removed again: its create was interrupted before its client got an answer`;
}

function orphanWords(container: ListedContainer): string {
  return `container ${named(container)} was given a filtered socket of which there is no record any more, so it has none and does not start; remove it and create it again`;
}

function foreignWords(engine: string, current: string, count: number): string {
  const sockets = count === 1 ? 'filtered socket' : 'filtered sockets';
  return `the engine is another one (${current}) than before (${engine}), or has lost its data: ${count} ${sockets} of the former stay for when it returns; if it never will, stop Lockkeeper and remove the files with that ID in the state folder's "holders"`;
}
