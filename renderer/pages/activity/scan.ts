import type { Decision } from './event-store.ts';

/** How long one piece of a scan may keep the page from drawing. */
const PIECE_MS = 12;
/** The clock is looked at after so many decisions. */
const BETWEEN_LOOKS = 256;

/**
 * Finds the decisions that fit, each looked at once. The newest come first, in pieces: a hundred thousand of them must
 * not hold back a letter that somebody types.
 */
export interface Scan {
  /** Those found so far, oldest first; another array when older ones were found. */
  matches(): readonly Decision[];
  /** Looks at what has come since; they are few. */
  takeNew(decisions: readonly Decision[]): void;
  /** Looks at some of the older ones; false when all were looked at. */
  takeOlder(decisions: readonly Decision[]): boolean;
}

/** A scan that begins with the present end of the decisions. */
export function startScan(
  decisions: readonly Decision[],
  fits: (event: Decision) => boolean,
  now: () => number = () => performance.now(),
): Scan {
  let upTo = decisions.length;
  let from = upTo;
  let matches: Decision[] = [];
  return {
    matches: () => matches,
    takeNew(current) {
      for (; upTo < current.length; upTo += 1) {
        const event = current[upTo];
        if (event !== undefined && fits(event)) matches.push(event);
      }
    },
    takeOlder(current) {
      const end = now() + PIECE_MS;
      const found: Decision[] = [];
      while (from > 0) {
        from -= 1;
        const event = current[from];
        if (event !== undefined && fits(event)) found.push(event);
        if (from % BETWEEN_LOOKS === 0 && now() > end) break;
      }
      if (found.length > 0) matches = found.reverse().concat(matches);
      return from > 0;
    },
  };
}
