import type { JournalCounters } from '../../shared/journal/counters.ts';
import type { JournalEvent } from '../../shared/journal/event.ts';

/** Counts every event of this run. */
export interface Counting {
  add(event: JournalEvent, at: Date): void;
  counters(at: Date): Omit<JournalCounters, 'lostLines' | 'lostBy'>;
}

/** Counters that start at zero; `now` is the time from which they count. */
export function createCounting(now: Date): Counting {
  const since = now.toISOString();
  const outcomes = { passed: 0, refused: 0, granted: 0, observed: 0 };
  const reasons = new Map<string, number>();
  let events = 0;
  let today = { day: dayOf(now), refused: 0 };

  return {
    add(event, at) {
      events += 1;
      if (event.type !== 'decision') {
        return;
      }
      outcomes[event.outcome] += 1;
      if (event.outcome !== 'refused') {
        return;
      }
      const day = dayOf(at);
      today = { day, refused: today.day === day ? today.refused + 1 : 1 };
      if (event.reason !== undefined) {
        reasons.set(event.reason, (reasons.get(event.reason) ?? 0) + 1);
      }
    },
    counters(at) {
      const refusedToday = today.day === dayOf(at) ? today.refused : 0;
      return { since, events, ...outcomes, refusedToday, refusedBy: Object.fromEntries(reasons) };
    },
  };
}

/** The day on the wall, where the people are who read "blocked today". */
function dayOf(at: Date): string {
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
}
