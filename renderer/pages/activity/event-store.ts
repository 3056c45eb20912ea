import type { DecisionEvent, JournalEvent } from '../../../shared/journal/event.ts';
import type { Connection } from '../../connection/connection.ts';
import { mergeDecisions } from './merge-decisions.ts';
import { missedEvents } from './missed-events.ts';
import { blockedPerMinute } from './per-minute.ts';
import { textPool } from './text-pool.ts';

/** A decision with its number and time. */
export type Decision = Extract<JournalEvent, { type: 'decision' }> & DecisionEvent;

/** Decisions that are kept in the page; the oldest go first, a tenth at a time. */
const MOST_EVENTS = 100_000;
const MOST_TEXTS = 20_000;
/** The screen is told of news no more often than this. */
const TELL_MS = 250;
/** In a flood less often: nobody reads that fast, and the machine has more to do than to draw what nobody reads. */
const FLOOD_TELL_MS = 1000;
/** Events a second from which on they are a flood. */
const FLOOD = 200;

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
  /** From now on also of what simply passed; what is kept of the past comes then. */
  wantPassed(): void;
  onChange(listener: () => void): () => void;
}

/**
 * Collects decisions for as long as the page is open, also while another page is shown. What simply passed is asked for
 * when it is wanted: tools send thousands of such requests a second, and the gate is to feel none of their being shown.
 */
export function openEventStore(connection: Connection): EventStore {
  const listeners = new Set<() => void>();
  const perMinute = blockedPerMinute();
  const same = textPool(MOST_TEXTS);
  let events: Decision[] = [];
  let version = 0;
  let epoch = 0;
  let currentRun = '';
  let telling = false;
  let tellMs = TELL_MS;
  /** Changes since the screen was told. */
  let untold = 0;
  /** Number of the last event of whichever type; undefined before the first of a run. */
  let last: number | undefined;
  let isPassedWanted = false;
  /** What was here before what passed was asked for, until that has come. */
  let earlier: readonly Decision[] = [];
  /** Whether gaps count: what the other end had dropped before we first asked is not missed. */
  let countsGaps = false;
  const missed = missedEvents();
  const count = (event: Decision) => event.outcome === 'refused' && perMinute.add(Date.parse(event.time));

  function changed(): void {
    version += 1;
    untold += 1;
    if (telling) return;
    telling = true;
    setTimeout(() => {
      telling = false;
      tellMs = untold > (FLOOD * tellMs) / 1000 ? FLOOD_TELL_MS : TELL_MS;
      untold = 0;
      for (const listener of listeners) listener();
    }, tellMs);
  }

  function begin(run: string): number {
    const isKnown = run === currentRun;
    if (!isKnown) {
      currentRun = run;
      events = [];
      earlier = [];
      perMinute.clear();
      last = undefined;
      missed.clear();
      epoch += 1;
      changed();
    }
    // Without what passed, numbers have gaps anyway.
    countsGaps = isKnown && isPassedWanted && last !== undefined;
    return last === undefined ? 0 : last + 1;
  }

  function add(event: JournalEvent): void {
    if (countsGaps && last !== undefined) missed.gap(Math.max(0, event.sequence - last - 1));
    missed.came();
    last = event.sequence;
    if (event.type !== 'decision') return;
    events.push(withSharedTexts(event, same));
    count(event);
    if (events.length > MOST_EVENTS) {
      events = events.slice(MOST_EVENTS / 10);
      epoch += 1;
    }
    changed();
  }

  // All types, so that with what passed the numbers have no gaps but those that were left out.
  const filter = (run: string) => ({ from: begin(run), ...(!isPassedWanted && { withoutPassed: true }) });
  const subscribe = () => connection.subscribe('event', filter, { value: add, lost });
  let end = subscribe();
  let times = 0;
  /** Asks anew; `then` is called when what is kept of the past has come, unless it was asked anew meanwhile. */
  function askAgain(then: () => void): void {
    end();
    end = subscribe();
    times += 1;
    const mine = times;
    // Answers come in their order, and this one after what the subscription begins with.
    void connection.request('recentEvents', { limit: 1 }).then(() => mine === times && then());
  }
  /** What was left out for our slowness is asked for again, now that we have read the rest. */
  function lost(left: number): void {
    if (!isPassedWanted) missed.leftOut(left);
    askAgain(caughtUp);
  }
  function caughtUp(): void {
    missed.caughtUp();
    if (earlier.length > 0) putBack();
    changed();
  }
  /** What came before and is not kept by anybody else stays here. */
  function putBack(): void {
    events = mergeDecisions(earlier, events);
    earlier = [];
    // Nothing may have come, when the other end was away: the next time it is asked for what is newer.
    last ??= events.at(-1)?.sequence;
    perMinute.clear();
    for (const event of events) count(event);
    epoch += 1;
  }

  return {
    version: () => version,
    decisions: () => events,
    epoch: () => epoch,
    refusedPerMinute: perMinute.upTo,
    missed: missed.count,
    run: () => currentRun,
    wantPassed() {
      if (isPassedWanted) return;
      isPassedWanted = true;
      earlier = events;
      events = [];
      perMinute.clear();
      last = undefined;
      epoch += 1;
      askAgain(caughtUp);
      changed();
    },
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
