/** Counts events that came faster than the page could take them, and that nobody has any more. */
export interface MissedEvents {
  /** Numbers of events that were sent to nobody. */
  gap(count: number): void;
  /** So many were left out of what was asked for; they are asked for again. */
  leftOut(count: number): void;
  /** One came. */
  came(): void;
  /** What was asked for again has come, as far as it was still there. */
  caughtUp(): void;
  clear(): void;
  count(): number;
}

export function missedEvents(): MissedEvents {
  let missed = 0;
  let owed = 0;
  return {
    gap(count) {
      missed += count;
    },
    leftOut(count) {
      // What is left out of a second try is in part what the first was owed: counted once, the larger of the two.
      owed = Math.max(owed, count);
    },
    came() {
      if (owed > 0) owed -= 1;
    },
    caughtUp() {
      missed += owed;
      owed = 0;
    },
    clear() {
      missed = 0;
      owed = 0;
    },
    count: () => missed,
  };
}
