import { randomUUID } from 'node:crypto';
import { type ContainerChoice, isOver, type RefreshPlan, type RefreshProgress } from '../../shared/ipc/refresh.ts';
import { carryOut } from './carry-out.ts';
import type { RefreshDeps } from './deps.ts';
import { nameOf, planRefresh } from './plan.ts';
import { turns } from './turns.ts';
import { finishUnfinished } from './unfinished.ts';

/** Refreshes that were started, while they run and for a while after. */
export interface Refreshes {
  plan(image: string): Promise<RefreshPlan>;
  /** Begins, or names the one that is under way for that image; undefined when too many are. */
  start(image: string, containers: ContainerChoice): RefreshProgress | undefined;
  /** Ends a refresh before its pull is complete; undefined when there is no such refresh. */
  cancel(id: string): RefreshProgress | undefined;
  current(): readonly RefreshProgress[];
  onChange(listener: () => void): () => void;
  /** Finishes what a run that was killed has left; rejects when the engine is away. */
  finishUnfinished(): Promise<void>;
  stop(): Promise<void>;
}

interface Kept {
  progress: RefreshProgress;
  readonly abort: AbortController;
  done: Promise<void>;
}

/** The engine loads three layers at a time, of all pulls together. */
const AT_ONCE = 2;
/** Ended ones are shown for this long. */
const SHOWN_MS = 10 * 60_000;
const MOST_KEPT = 100;

export function refreshes(deps: RefreshDeps): Refreshes {
  const kept = new Map<string, Kept>();
  const listeners = new Set<() => void>();
  const inTurn = turns(AT_ONCE);
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const begin = (image: string, containers: ContainerChoice): Kept => {
    const startedAt = new Date().toISOString();
    const nothing = { layers: [], removedContainers: [] };
    const progress: RefreshProgress = { id: randomUUID(), image, stage: 'waiting', startedAt, ...nothing };
    const one: Kept = { progress, abort: new AbortController(), done: Promise.resolve() };
    const update = (change: Partial<RefreshProgress>) => {
      one.progress = { ...one.progress, ...change };
      tell();
    };
    one.done = inTurn(() => carryOut(deps, { image, containers, signal: one.abort.signal, update })).finally(() => {
      setTimeout(forget, SHOWN_MS, one.progress.id).unref();
    });
    return one;
  };
  const forget = (id: string) => {
    kept.delete(id);
    tell();
  };

  return {
    plan: async (image) => (await planRefresh(deps, image)).plan,
    start(given, containers) {
      const image = nameOf(given);
      const all = [...kept.values()];
      const same = all.find(({ progress }) => progress.image === image && !isOver(progress));
      if (same !== undefined) return same.progress;
      // What was refreshed before is not of interest beside what is now.
      for (const { progress } of all) if (progress.image === image) kept.delete(progress.id);
      const oldest = all.find(({ progress }) => isOver(progress));
      if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest.progress.id);
      if (kept.size >= MOST_KEPT) return undefined;
      const one = begin(image, containers);
      kept.set(one.progress.id, one);
      tell();
      return one.progress;
    },
    cancel(id) {
      const one = kept.get(id);
      one?.abort.abort();
      if (one?.progress.stage === 'waiting') {
        one.progress = { ...one.progress, stage: 'cancelled' };
        tell();
      }
      return one?.progress;
    },
    current: () => [...kept.values()].map(({ progress }) => progress),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    finishUnfinished: () => finishUnfinished(deps),
    async stop() {
      for (const { abort } of kept.values()) abort.abort();
      // One that only asks a registry has done nothing yet, and may have to wait long for the answer.
      const working = [...kept.values()].filter(
        ({ progress: { stage } }) => stage === 'pulling' || stage === 'removing',
      );
      await Promise.all(working.map(({ done }) => done));
    },
  };
}
