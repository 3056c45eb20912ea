import { randomUUID } from 'node:crypto';
import type { ContainerChoice, RefreshProgress } from '../../shared/ipc/refresh.ts';
import type { EngineImages, ImageUser } from './engine-images.ts';
import { withLine } from './layers.ts';
import { planRefresh } from './plan.ts';

/** Refreshes that were started, while they run and for a while after. */
export interface Refreshes {
  plan(image: string): ReturnType<typeof planRefresh>;
  /** Begins, or names the one that is under way for that image. */
  start(image: string, containers: ContainerChoice): RefreshProgress;
  /** Ends a pull; undefined when there is no such refresh. */
  cancel(id: string): RefreshProgress | undefined;
  /** Resolves with its last state. */
  finished(id: string): Promise<RefreshProgress | undefined>;
  current(): readonly RefreshProgress[];
  onChange(listener: () => void): () => void;
  stop(): void;
}

interface Running {
  progress: RefreshProgress;
  readonly abort: AbortController;
  done: Promise<void>;
}

/** Ended ones are shown for this long. */
const SHOWN_MS = 10 * 60_000;
/** Beyond this the oldest are forgotten. */
const MOST_KEPT = 50;

export function refreshes(engine: EngineImages): Refreshes {
  const kept = new Map<string, Running>();
  const listeners = new Set<() => void>();
  const update = (running: Running, change: Partial<RefreshProgress>) => {
    running.progress = { ...running.progress, ...change };
    for (const listener of listeners) listener();
  };
  return {
    plan: (image) => planRefresh(engine, image),
    start(image, containers) {
      const under = [...kept.values()].find(({ progress }) => progress.image === image && !isOver(progress));
      if (under !== undefined) return under.progress;
      const running = begin(image);
      kept.set(running.progress.id, running);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      running.done = carryOut(engine, running, containers, (change) => update(running, change)).finally(() => {
        const forget = setTimeout(() => {
          kept.delete(running.progress.id);
          for (const listener of listeners) listener();
        }, SHOWN_MS);
        forget.unref();
      });
      return running.progress;
    },
    cancel(id) {
      kept.get(id)?.abort.abort();
      return kept.get(id)?.progress;
    },
    async finished(id) {
      await kept.get(id)?.done;
      return kept.get(id)?.progress;
    },
    current: () => [...kept.values()].map(({ progress }) => progress),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      for (const { abort } of kept.values()) abort.abort();
    },
  };
}

function begin(image: string): Running {
  const startedAt = new Date().toISOString();
  const progress: RefreshProgress = { id: randomUUID(), image, stage: 'asking', startedAt, layers: [] };
  return { progress, abort: new AbortController(), done: Promise.resolve() };
}

export function isOver({ stage }: RefreshProgress): boolean {
  return stage === 'done' || stage === 'failed' || stage === 'cancelled';
}

/**
 * Pulls first and removes afterwards. `docker image rm` and then `docker pull` would come to the same when all goes
 * well; when the pull fails, there would be no image left to work with.
 */
async function carryOut(
  engine: EngineImages,
  { progress: { image }, abort: { signal } }: Running,
  containers: ContainerChoice,
  update: (change: Partial<RefreshProgress>) => void,
): Promise<void> {
  try {
    const plan = await planRefresh(engine, image);
    if (plan.verdict === 'blocked') return update({ stage: 'failed', detail: plan.problem ?? '' });
    if (plan.verdict === 'current') return update({ stage: 'done', imageId: plan.localImageId ?? '' });
    if (signal.aborted) return update({ stage: 'cancelled' });
    update({ stage: 'pulling' });
    let layers: RefreshProgress['layers'] = [];
    await engine.pull(
      plan.image,
      (line) => {
        layers = [...withLine(layers, line)];
        update({ layers });
      },
      signal,
    );
    const pulled = await engine.image(plan.image);
    if (pulled === undefined) throw new Error(`the engine does not have ${plan.image} after it was pulled`);
    update({ stage: 'removing', imageId: pulled.id });
    const old = plan.localImageId;
    const detail = old === undefined || old === pulled.id ? undefined : await removeOld(engine, old, containers);
    update({ stage: 'done', ...(detail !== undefined && { detail }) });
  } catch (error) {
    if (signal.aborted) return update({ stage: 'cancelled' });
    update({ stage: 'failed', detail: error instanceof Error ? error.message : String(error) });
  }
}

/** Removes the image whose name has moved on, unless somebody still needs it; then it says who. */
async function removeOld(engine: EngineImages, id: string, containers: ContainerChoice): Promise<string | undefined> {
  const old = await engine.image(id);
  if (old === undefined) return undefined;
  if (old.tags.length > 0) return `The old image stays, because it has other names: ${old.tags.join(', ')}.`;
  const users = await engine.usersOf(id);
  const going = containers === 'remove-stopped' ? users.filter(({ isRunning }) => !isRunning) : [];
  const staying = users.filter((user) => !going.includes(user));
  for (const { id: container } of going) await engine.removeContainer(container);
  if (staying.length > 0) return `The old image stays for ${names(staying)}; create them again to use the new one.`;
  try {
    await engine.removeImage(id);
    return undefined;
  } catch (error) {
    // An image built on it, or a container that came just now. The new one is in place, which is what counts.
    return `The old image stays: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function names(users: readonly ImageUser[]): string {
  return users.map(({ name }) => name).join(', ');
}
