import type { DecisionEvent, JournalEvent } from '../../../shared/journal/event.ts';
import type { Connection } from '../../connection/connection.ts';
import { blockedPerMinute } from './per-minute.ts';
import { textPool } from './text-pool.ts';

/** A decision with its number and time. */
export type Decision = Extract<JournalEvent, { type: 'decision' }> & DecisionEvent;

/** Decisions that are kept in the page; the oldest go first, a tenth at a time. */
const MOST_EVENTS = 100_000;
const MOST_TEXTS = 20_000;
/** The screen is told of news no more often than this, however many there are. */
const TELL_MS = 250;

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
  /** Events that came faster than this page could take them, and that nobody has any more. */
  missed(): number;
  run(): string;
  onChange(listener: () => void): () => void;
}

/** Collects decisions for as long as the page is open, also while another page is shown. */
export function openEventStore(connection: Connection): EventStore {
  const listeners = new Set<() => void>();
  const perMinute = blockedPerMinute();
  const same = textPool(MOST_TEXTS);
  let events: Decision[] = [];
  let version = 0;
  let epoch = 0;
  let currentRun = '';
  let telling = false;
  /** Number of the last event of whichever type; undefined before the first of a run. */
  let last: number | undefined;
  /** Whether gaps count: what the other end had dropped before we first asked is not missed. */
  let hasAskedBefore = false;
  let missed = 0;

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
    hasAskedBefore = run === currentRun;
    if (!hasAskedBefore) {
      currentRun = run;
      events = [];
      perMinute.clear();
      last = undefined;
      missed = 0;
      epoch += 1;
      changed();
    }
    return last === undefined ? 0 : last + 1;
  }

  function add(event: JournalEvent): void {
    if (hasAskedBefore && last !== undefined) missed += Math.max(0, event.sequence - last - 1);
    last = event.sequence;
    if (event.type !== 'decision') return;
    events.push(withSharedTexts(event, same));
    if (event.outcome === 'refused') perMinute.add(Date.parse(event.time));
    if (events.length > MOST_EVENTS) {
      events = events.slice(MOST_EVENTS / 10);
      epoch += 1;
    }
    changed();
  }

  // All types, so that the numbers have no gaps but those that were left out.
  const subscribe = () => connection.subscribe('event', (run) => ({ from: begin(run) }), { value: add, lost });
  let end = subscribe();
  /** What was left out for our slowness is asked for again, now that we have read the rest. */
  function lost(): void {
    end();
    end = subscribe();
  }

  return {
    version: () => version,
    decisions: () => events,
    epoch: () => epoch,
    refusedPerMinute: perMinute.upTo,
    missed: () => missed,
    run: () => currentRun,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A hundred thousand decisions repeat a few names and sentences: those are kept once. */
function withSharedTexts(event: Decision, same: (text: string) => string): Decision {
  const shared: Record<string, unknown> = { ...event };
  for (const [key, value] of Object.entries(event)) {
    if (typeof value === 'string' && key !== 'time') shared[key] = same(value);
  }
  const caller = Object.fromEntries(Object.entries(event.caller).map(([key, value]) => [key, value && same(value)]));
  return { ...shared, caller } as Decision;
}
