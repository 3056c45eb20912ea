import { expect, it, onTestFinished, vi } from 'vitest';
import type { Connection } from '../../../../../renderer/connection/connection.ts';
import { type Decision, openEventStore } from '../../../../../renderer/pages/activity/event-store.ts';
import { type EventFilter, matchesFilter } from '../../../../../shared/journal/filter.ts';
import { decision } from './decisions.ts';

const NOON = Date.parse('2026-05-01T12:00:00.000Z');
const refused = (sequence: number) => decision({ sequence });
const passed = (sequence: number) => decision({ sequence, outcome: 'passed' });

interface Sink {
  value(event: Decision): void;
  lost(count: number): void;
}

/** The other end: what it holds of the past, and whom it tells of what happens. */
function otherEnd(...held: Decision[]) {
  const asked: EventFilter[] = [];
  let ring = held;
  let told: { filter: EventFilter; sink: Sink } | undefined;
  const connection = {
    subscribe(_name: string, input: (run: string) => EventFilter, sink: Sink) {
      const mine = { filter: input('run'), sink };
      asked.push(mine.filter);
      told = mine;
      queueMicrotask(() => {
        for (const event of ring) if (told === mine && matchesFilter(event, mine.filter)) sink.value(event);
      });
      return () => {
        if (told === mine) told = undefined;
      };
    },
    // Its answer comes after what the subscription begins with.
    request: async () => ({ ok: true, value: { run: 'run', events: [] } }),
  } as unknown as Connection;
  return {
    connection,
    asked,
    holds: (...events: Decision[]) => {
      ring = events;
    },
    happens: (...events: Decision[]) => {
      for (const event of events) if (told !== undefined && matchesFilter(event, told.filter)) told.sink.value(event);
    },
    leavesOut: (count: number) => told?.sink.lost(count),
  };
}
const settled = () => new Promise(setImmediate);
const numbers = (events: readonly Decision[]) => events.map(({ sequence }) => sequence);

it('is not told of what simply passed until that is wanted', async () => {
  const other = otherEnd(refused(1), passed(2));
  const store = openEventStore(other.connection);
  await settled();
  other.happens(passed(3), refused(4));
  expect(other.asked).toEqual([{ from: 0, withoutPassed: true }]);
  expect(numbers(store.decisions())).toEqual([1, 4]);
});

it('tells the screen at once, but not of a flood more often than once a second', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const other = otherEnd();
  const store = openEventStore(other.connection);
  vi.advanceTimersByTime(1000);
  const told: number[] = [];
  store.onChange(() => told.push(store.decisions().length));
  let sequence = 0;
  /** So many events, one every few milliseconds. */
  const happen = (count: number, everyMs: number) => {
    for (let number = 0; number < count; number += 1) {
      sequence += 1;
      other.happens(refused(sequence));
      vi.advanceTimersByTime(everyMs);
    }
  };
  happen(1, 250);
  expect(told).toEqual([1]);
  happen(1500, 2);
  expect(told.length).toBeLessThanOrEqual(5);
  vi.advanceTimersByTime(1000);
  expect(told.at(-1)).toBe(1501);
  // When it is over, single ones are shown at once again.
  happen(1, 1000);
  told.length = 0;
  happen(4, 250);
  expect(told).toHaveLength(4);
});

it('then has all that is kept, with what only it has still, in order and once', async () => {
  const other = otherEnd(refused(1));
  const store = openEventStore(other.connection);
  await settled();
  other.happens(refused(3), refused(5));
  other.holds(passed(4), refused(5), passed(6));
  const before = store.epoch();
  store.wantPassed();
  store.wantPassed();
  await settled();
  other.happens(passed(7));
  expect(other.asked.slice(1)).toEqual([{ from: 0 }]);
  expect(numbers(store.decisions())).toEqual([1, 3, 4, 5, 6, 7]);
  expect(store.epoch()).toBeGreaterThan(before);
  expect(store.refusedPerMinute(NOON).at(-1)).toBe(3);
  expect(store.missed()).toBe(0);
});

it('asks again for what was left out, and counts what nobody has any more', async () => {
  const other = otherEnd();
  const store = openEventStore(other.connection);
  await settled();
  other.happens(refused(1));
  // Of 2 to 6, two are held still.
  other.holds(refused(1), refused(5), refused(6));
  other.leavesOut(5);
  await settled();
  expect(other.asked.at(-1)).toEqual({ from: 2, withoutPassed: true });
  expect(numbers(store.decisions())).toEqual([1, 5, 6]);
  expect(store.missed()).toBe(3);
});

it('does not count twice what is left out of a second try, too', async () => {
  const other = otherEnd();
  const store = openEventStore(other.connection);
  await settled();
  other.holds(refused(1), refused(2));
  other.leavesOut(2);
  other.leavesOut(2);
  await settled();
  expect(numbers(store.decisions())).toEqual([1, 2]);
  expect(store.missed()).toBe(0);
});

it('counts by gaps once it is told of everything', async () => {
  const other = otherEnd();
  const store = openEventStore(other.connection);
  store.wantPassed();
  await settled();
  other.happens(passed(1));
  other.holds(passed(5));
  other.leavesOut(4);
  await settled();
  expect(other.asked.at(-1)).toEqual({ from: 2 });
  expect(store.missed()).toBe(3);
});
