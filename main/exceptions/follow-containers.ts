import { type EngineClient, isAway } from '../engine/engine-client.ts';
import type { ContainerSockets } from './container-sockets.ts';

const RETRY_MS = 1_000;
/** How often it is looked for what no event tells. */
const RECONCILE_MS = 10 * 60_000;

/** What is told about the engine each time that changes. */
export interface EngineWatch {
  /** Resolves when it is known which engine it is: only then can be said what it does not have. Rejects if it is not. */
  reachable(): Promise<void>;
  unreachable(why: string): void;
  /** Something about containers is not as it was: of that one, or of any. */
  changed(containerId?: string): void;
  failed(error: unknown): void;
}

interface Followed extends Pick<ContainerSockets, 'reconcile' | 'containerStarted' | 'containerRemoved'> {
  containerCreated(id: string, name: string): Promise<void>;
}

/**
 * Takes sockets away as their containers are removed, by whomever, and cleans up what was missed while the engine or we
 * were away. Returns the way to stop it.
 */
export function followContainers(
  sockets: Followed,
  engine: Pick<EngineClient, 'watchContainers'>,
  watch: EngineWatch,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let wasReachable: boolean | undefined;
  /** A failure that comes of the engine's leaving is told as that. */
  const failed = (error: unknown) => {
    if (!isAway(error) && !signal.aborted) watch.failed(error);
  };
  const lost = (why: string) => {
    if (signal.aborted || wasReachable === false) return;
    wasReachable = false;
    watch.unreachable(why);
    watch.changed();
  };
  const opened = async (giveUp: (why: unknown) => void) => {
    try {
      // Each time anew: an engine that was only restarted may be another version, or have other data.
      await watch.reachable();
    } catch (error) {
      return giveUp(error);
    }
    wasReachable = true;
    await sockets.reconcile().catch((error: unknown) => (isAway(error) ? giveUp(error) : failed(error)));
    watch.changed();
  };
  /** Resolves when the engine has left, or does not tell what it is asked. */
  const followOnce = async () => {
    const stream = new AbortController();
    const abort = () => stream.abort();
    signal.addEventListener('abort', abort);
    let why: unknown = 'the engine ended the stream of its events';
    const giveUp = (error: unknown) => {
      if (!stream.signal.aborted) why = error;
      abort();
    };
    try {
      await engine.watchContainers(stream.signal, {
        opened: () => void opened(giveUp),
        created: (id, name) => void sockets.containerCreated(id, name).catch(failed),
        started: sockets.containerStarted,
        removed: (id) => void sockets.containerRemoved(id).catch(failed),
        changed: watch.changed,
      });
    } catch (error) {
      giveUp(error);
    } finally {
      abort();
      signal.removeEventListener('abort', abort);
    }
    lost(why instanceof Error ? why.message : String(why));
  };
  const follow = async () => {
    while (!signal.aborted) {
      await followOnce();
      await pause(RETRY_MS, signal);
    }
  };
  const timer = setInterval(() => {
    if (wasReachable !== true) return;
    sockets
      .reconcile()
      .then(() => watch.changed())
      .catch(failed);
  }, RECONCILE_MS);
  timer.unref();
  void follow().catch(watch.failed);
  return () => {
    clearInterval(timer);
    stopping.abort();
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
