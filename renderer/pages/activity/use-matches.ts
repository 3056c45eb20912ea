import { useRef, useSyncExternalStore } from 'react';
import type { Decision, EventStore } from './event-store.ts';
import { matcher, parseQuery } from './query.ts';

interface Scan {
  readonly search: string;
  readonly epoch: number;
  readonly fits: (event: Decision) => boolean;
  /** How many of the store's decisions were looked at. */
  seen: number;
  matches: Decision[];
}

/** The decisions that fit a search, oldest first; each is looked at once, as long as the search stays the same. */
export function useMatches(store: EventStore, search: string): readonly Decision[] {
  useSyncExternalStore(store.onChange, store.version);
  const scan = useRef<Scan>(undefined);
  if (scan.current?.search !== search || scan.current.epoch !== store.epoch()) {
    const fits = matcher(parseQuery(search), Date.now());
    scan.current = { search, epoch: store.epoch(), fits, seen: 0, matches: [] };
  }
  const current = scan.current;
  const decisions = store.decisions();
  if (current.seen < decisions.length) {
    const added: Decision[] = [];
    for (let at = current.seen; at < decisions.length; at += 1) {
      const event = decisions[at];
      if (event !== undefined && current.fits(event)) added.push(event);
    }
    current.seen = decisions.length;
    for (const event of added) current.matches.push(event);
  }
  return current.matches;
}
