import { useEffect, useReducer, useRef, useSyncExternalStore } from 'react';
import type { Decision, EventStore } from './event-store.ts';
import { matcher, parseQuery } from './query.ts';
import { type Scan, startScan } from './scan.ts';

interface Current {
  readonly search: string;
  readonly epoch: number;
  readonly scan: Scan;
  isComplete: boolean;
}

/** The decisions that fit a search, oldest first. While older ones are still being looked at, those found so far. */
export function useMatches(store: EventStore, search: string): readonly Decision[] {
  useSyncExternalStore(store.onChange, store.version);
  const [, drawAgain] = useReducer((times: number) => times + 1, 0);
  const known = useRef<Current>(undefined);
  const decisions = store.decisions();
  if (known.current?.search !== search || known.current.epoch !== store.epoch()) {
    const scan = startScan(decisions, matcher(parseQuery(search), Date.now()));
    known.current = { search, epoch: store.epoch(), scan, isComplete: !scan.takeOlder(decisions) };
  }
  const current = known.current;
  current.scan.takeNew(decisions);
  useEffect(() => {
    if (current.isComplete) return undefined;
    // After what was found has been drawn, and after what has been typed meanwhile.
    const timer = setTimeout(() => {
      current.isComplete = !current.scan.takeOlder(store.decisions());
      drawAgain();
    });
    return () => clearTimeout(timer);
  });
  return current.scan.matches();
}
