import { isDeepStrictEqual } from 'node:util';
import type { LiveValue } from './live-value.ts';

export interface LiveQuestionOptions<Value> {
  /** Finds out how it is now; asked one at a time, and never rejects. */
  readonly ask: () => Promise<Value>;
  /** Begins to look for changes, and returns what ends that; only while somebody has subscribed. */
  readonly watch: (changed: () => void) => () => void;
  /** Milliseconds between two questions: changes in between come as one. */
  readonly paceMs?: number;
}

const PACE_MS = 250;

/** The same as a live value, for what has to be asked for: the first push comes with the first answer. */
export function liveQuestion<Value>({ ask, watch, paceMs = PACE_MS }: LiveQuestionOptions<Value>): LiveValue<Value> {
  const lastPushed = new Map<(value: Value) => void, Value | undefined>();
  let unwatch: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;
  let isOutdated = false;

  function look(): void {
    if (isAsking) {
      isOutdated = true;
      return;
    }
    timer ??= setTimeout(() => void answer(), paceMs);
  }

  async function answer(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    isAsking = true;
    isOutdated = false;
    const value = await ask().finally(() => {
      isAsking = false;
    });
    for (const [push, last] of [...lastPushed]) {
      if (last !== undefined && isDeepStrictEqual(value, last)) continue;
      lastPushed.set(push, value);
      push(value);
    }
    if (isOutdated && lastPushed.size > 0) look();
  }

  return {
    subscribe(push) {
      // A function of its own: the same one may subscribe twice.
      const own = (next: Value) => push(next);
      lastPushed.set(own, undefined);
      unwatch ??= watch(look);
      if (isAsking) isOutdated = true;
      else void answer();
      return () => {
        lastPushed.delete(own);
        if (lastPushed.size > 0) return;
        unwatch?.();
        unwatch = undefined;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}
