import type { DecisionEvent, JournalEvent } from '../../../shared/journal/event.ts';
import type { Connection } from '../../connection/connection.ts';

/** A decision with its number and time. */
export type Decision = Extract<JournalEvent, { type: 'decision' }> & DecisionEvent;

/** Decisions that are kept in the page; the oldest go first, a tenth at a time. */
const MOST_EVENTS = 100_000;
/** The screen is told of news no more often than this, however many there are. */
const TELL_MS = 250;
const MINUTE = 60_000;
export const CHART_MINUTES = 60;

/** All decisions that this page was told of, and what changes with each of them. */
export interface EventStore {
  /** Grows with every change; what is remembered of an older version is out of date. */
  version(): number;
  /** Oldest first. The array is the store's own: read it, do not keep it. */
  decisions(): readonly Decision[];
  /** Counts up each time that the oldest were dropped or all were replaced. */
  epoch(): number;
  /** Refusals in each of the last minutes, the present one last. `now` in milliseconds since 1970. */
  refusedPerMinute(now: number): readonly number[];
  run(): string;
  onChange(listener: () => void): () => void;
}

/** Collects decisions for as long as the page is open, also while another page is shown. */
export function openEventStore(connection: Connection): EventStore {
  const listeners = new Set<() => void>();
  const perMinute = new Map<number, number>();
  let events: Decision[] = [];
  let version = 0;
  let epoch = 0;
  let currentRun = '';
  let telling = false;

  function changed(): void {
    version += 1;
    if (telling) return;
    telling = true;
    setTimeout(() => {
      telling = false;
      for (const listener of listeners) listener();
    }, TELL_MS);
  }

  function begin(run: string): number {
    if (run !== currentRun) {
      currentRun = run;
      events = [];
      perMinute.clear();
      epoch += 1;
      changed();
    }
    const last = events.at(-1);
    return last === undefined ? 0 : last.sequence + 1;
  }

  function add(event: JournalEvent): void {
    if (event.type !== 'decision') return;
    events.push(event);
    if (event.outcome === 'refused') {
      const minute = Math.floor(Date.parse(event.time) / MINUTE);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
      if (perMinute.size > CHART_MINUTES * 2) perMinute.delete(Math.min(...perMinute.keys()));
    }
    if (events.length > MOST_EVENTS) {
      events = events.slice(MOST_EVENTS / 10);
      epoch += 1;
    }
    changed();
  }

  connection.subscribe('event', (run) => ({ types: ['decision'], from: begin(run) }), {
    value: add,
    lost: () => undefined,
  });
  return {
    version: () => version,
    decisions: () => events,
    epoch: () => epoch,
    refusedPerMinute(now) {
      const last = Math.floor(now / MINUTE);
      return Array.from({ length: CHART_MINUTES }, (_, at) => perMinute.get(last - CHART_MINUTES + 1 + at) ?? 0);
    },
    run: () => currentRun,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
