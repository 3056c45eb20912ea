import type { EngineClient } from '../engine/engine-client.ts';
import type { ContainerSockets } from './container-sockets.ts';

const RETRY_MS = 1_000;

/** What is told about the engine each time that changes. */
export interface EngineWatch {
  reachable(): void;
  unreachable(why: string): void;
  failed(error: unknown): void;
}

/**
 * Takes sockets away as their containers are removed, by whomever, and cleans up what was missed while the engine or we
 * were away. Returns the way to stop it.
 */
export function followRemovals(sockets: ContainerSockets, engine: EngineClient, watch: EngineWatch): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let wasReachable: boolean | undefined;
  const say = (isReachable: boolean, why: string) => {
    if (signal.aborted || wasReachable === isReachable) return;
    wasReachable = isReachable;
    if (isReachable) watch.reachable();
    else watch.unreachable(why);
  };
  const follow = async () => {
    while (!signal.aborted) {
      const opened = () => {
        say(true, '');
        sockets.reconcile().catch(watch.failed);
      };
      const removed = (id: string) => void sockets.containerRemoved(id).catch(watch.failed);
      try {
        await engine.removedContainers(signal, opened, removed);
        say(false, 'the engine ended the stream of its events');
      } catch (error) {
        say(false, error instanceof Error ? error.message : String(error));
      }
      await pause(RETRY_MS, signal);
    }
  };
  void follow().catch(watch.failed);
  return () => stopping.abort();
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
