import { setTimeout as pause } from 'node:timers/promises';
import type { EngineClient } from '../engine/engine-client.ts';

const RETRY_MS = 1_000;

/** Tells when images or names of containers change at the engine, and when it is back; returns what ends that. */
export function watchImages(engine: Pick<EngineClient, 'watchImages'>, changed: () => void): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const follow = async () => {
    while (!signal.aborted) {
      // Why it ends is told by whoever follows the engine itself.
      await engine.watchImages(signal, { opened: changed, changed }).catch(() => undefined);
      await pause(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  void follow();
  return () => stopping.abort();
}
