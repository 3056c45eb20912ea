import { isDeepStrictEqual } from 'node:util';

export interface LiveValueOptions<Value> {
  readonly read: () => Value;
  /** Begins to look for changes, and returns what ends that; only while somebody has subscribed. */
  readonly watch: (changed: () => void) => () => void;
  /** Milliseconds between two looks at the value: changes in between come as one. */
  readonly paceMs?: number;
}

/** A value that is pushed as it is now, and again with each change of it. */
export interface LiveValue<Value> {
  /** Returns what ends the subscription. */
  subscribe(push: (value: Value) => void): () => void;
}

const PACE_MS = 250;

/** Compares by value what a change made of it: what looks the same to a subscriber is not pushed again. */
export function liveValue<Value>({ read, watch, paceMs = PACE_MS }: LiveValueOptions<Value>): LiveValue<Value> {
  const lastPushed = new Map<(value: Value) => void, Value>();
  let unwatch: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    timer = undefined;
    const value = read();
    for (const [push, last] of [...lastPushed]) {
      if (isDeepStrictEqual(value, last)) continue;
      lastPushed.set(push, value);
      push(value);
    }
  }

  function end(push: (value: Value) => void): void {
    lastPushed.delete(push);
    if (lastPushed.size > 0) return;
    unwatch?.();
    unwatch = undefined;
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    subscribe(push) {
      const value = read();
      // A function of its own: the same one may subscribe twice.
      const own = (next: Value) => push(next);
      lastPushed.set(own, value);
      unwatch ??= watch(() => {
        timer ??= setTimeout(look, paceMs);
      });
      own(value);
      return () => end(own);
    },
  };
}
