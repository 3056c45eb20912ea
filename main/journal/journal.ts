import { join } from 'node:path';
import { type JournalCounters, lineKindOf, lineKinds } from '../../shared/journal/counters.ts';
import { EVENT_SCHEMA_VERSION, type EventBody, type JournalEvent } from '../../shared/journal/event.ts';
import { type EventFilter, matchesFilter } from '../../shared/journal/filter.ts';
import { redactEvent } from '../../shared/journal/redact-event.ts';
import { systemClocks } from '../clocks/clocks.ts';
import type { Reached } from '../steps/step.ts';
import { createCounting } from './counters.ts';
import { type JournalDisk, realDisk } from './journal-file.ts';
import { newsEvent, tooLoud } from './journal-news.ts';
import { createLineWriter } from './line-writer.ts';
import { createLosses, type LostLines } from './losses.ts';
import { createLoudness, type LoudnessLimit, passLimit, refusalLimit } from './loudness.ts';
import type { JournalPlace } from './place.ts';
import { callerOf, createRing, laneOf } from './ring.ts';

/** Name of the journal file inside the state folder. */
export const JOURNAL_FILE = 'journal.jsonl';

const MIB = 1024 * 1024;

export interface JournalOptions {
  /** The state folder; `journal.jsonl` is written into it where `place` wants no other file. */
  readonly folder: string;
  /** Where the file is and how large it may become (`lockkeeper.audit`); asked again and again. */
  readonly place?: () => JournalPlace;
  /** Events that the ring holds. */
  readonly ringSize?: number;
  readonly now?: () => Date;
  /** See Clocks. */
  readonly steady?: () => number;
  /** Whether passed requests are written to the file too (`lockkeeper.audit.passes`); asked for each. */
  readonly writePasses: () => boolean;
  /** Bytes of lines that may wait for the disk. */
  readonly backlogBytes?: number;
  readonly retryMs?: number;
  readonly recheckMs?: number;
  readonly closeMs?: number;
  readonly loudness?: LoudnessLimit;
  readonly passLoudness?: LoudnessLimit;
  readonly reached?: Reached;
  /** For tests: the file system. */
  readonly disk?: JournalDisk;
}

/** Gets an event as it happens. What it throws is dropped: nobody who listens can stop a decision. */
export type JournalListener = (event: JournalEvent) => void;

export interface Journal {
  /** Names the run: sequences of two events compare only within one. */
  readonly run: string;
  /** Numbers, redacts and keeps the event. Returns at once and never throws. */
  record(body: EventBody): JournalEvent;
  /** Events that the ring holds, oldest first. `limit` keeps the newest. */
  recent(filter?: EventFilter & { readonly limit?: number }): readonly JournalEvent[];
  /** Calls `listener` for every event from now on, after those in the ring with the sequence `from` or a later one. */
  subscribe(listener: JournalListener, options?: { readonly from?: number }): () => void;
  counters(): JournalCounters;
  /** What is wrong with the file now, in a sentence for the status; undefined when nothing is. */
  trouble(): string | undefined;
  /** Resolves when all lines so far are in the file, or could not be written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Where the file is without a word of the policy. */
const atHome: JournalPlace = { maxBytes: 128 * MIB };

/**
 * Opens the journal of one run. All events go to the ring and the counters; all but plainly passed decisions go to the
 * file, one JSON object a line. A file that cannot be written is no error here: it is told in events and in the status,
 * lines wait, and those that are lost are counted.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const now = options.now ?? (() => new Date());
  const { steady = systemClocks.steady } = options;
  const started = now();
  const ring = createRing(options.ringSize ?? 5000);
  const counting = createCounting(started);
  const listeners = new Set<JournalListener>();
  const place = options.place ?? (() => atHome);
  const limits = {
    refusals: createLoudness(() => options.loudness ?? refusalLimit(place().maxBytes)),
    'passed requests': createLoudness(() => options.passLoudness ?? passLimit(place().maxBytes)),
  };
  const lost = { byDisk: createLosses(), byLoudness: createLosses() };
  let sequence = 0;

  const writer = createLineWriter({
    home: join(options.folder, JOURNAL_FILE),
    place,
    backlogBytes: options.backlogBytes ?? 8 * MIB,
    retryMs: options.retryMs ?? 2000,
    recheckMs: options.recheckMs ?? 60_000,
    closeMs: options.closeMs ?? 5000,
    losses: lost.byDisk,
    tell: (news) => record(newsEvent(news)),
    ...(options.reached !== undefined && { reached: options.reached }),
    disk: options.disk ?? realDisk,
  });

  function record(body: EventBody): JournalEvent {
    const at = now();
    sequence += 1;
    const event: JournalEvent = {
      schema: EVENT_SCHEMA_VERSION,
      sequence,
      time: at.toISOString(),
      ...redactEvent(body, ownCopy),
    };
    ring.add(event);
    counting.add(event, at);
    for (const listener of listeners) {
      tell(listener, event);
    }
    // Last, since it may have something to tell itself, and listeners get events in their order.
    write(event);
    return event;
  }

  function write(event: JournalEvent): void {
    if (event.type !== 'decision') {
      append(event, JSON.stringify(event));
      return;
    }
    const isPlainPass = event.outcome === 'passed' && event.reason === undefined && event.escapes === undefined;
    if (isPlainPass && !options.writePasses()) {
      return;
    }
    const what = isPlainPass ? 'passed requests' : 'refusals';
    const caller = callerOf(event);
    const text = JSON.stringify(event);
    const { admitted, leftOut } = limits[what].admit(caller, steady(), Buffer.byteLength(text) + 1);
    if (admitted) {
      append(event, text);
    } else {
      lost.byLoudness.add(lineKindOf(event));
    }
    if (leftOut > 0) {
      record(tooLoud(what, caller, leftOut));
    }
  }

  function append(event: JournalEvent, text: string): void {
    writer.append({ text, lane: laneOf(event), kind: lineKindOf(event) });
  }

  return {
    run: started.toISOString(),
    record,
    recent(filter = {}) {
      const { limit, ...narrowing } = filter;
      const found = ring.events().filter((event) => matchesFilter(event, narrowing));
      return limit === undefined ? found : found.slice(Math.max(0, found.length - limit));
    },
    subscribe(listener, { from } = {}) {
      // A listener of its own: the same function may subscribe twice.
      const own: JournalListener = (event) => listener(event);
      if (from !== undefined) {
        for (const event of ring.events()) {
          if (event.sequence >= from) {
            tell(own, event);
          }
        }
      }
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    counters: () => ({
      ...counting.counters(now()),
      lostLines: lost.byDisk.total() + lost.byLoudness.total(),
      lostBy: sum(lost.byDisk.byKind(), lost.byLoudness.byKind()),
    }),
    trouble: writer.trouble,
    flush: () => writer.flush(),
    async close() {
      for (const what of ['refusals', 'passed requests'] as const) {
        for (const [caller, leftOut] of limits[what].untold()) {
          record(tooLoud(what, caller, leftOut));
        }
      }
      await writer.close();
    },
  };
}

function tell(listener: JournalListener, event: JournalEvent): void {
  try {
    listener(event);
  } catch {
    // A broken view must not stop a decision; it is the view's to report.
  }
}

/**
 * A text of its own memory. V8 cuts a path out of a request head by pointing into it, and thousands of events that each
 * hold on to a head of up to a MiB would take gigabytes. Shorter strings are copied anyway.
 */
function ownCopy(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}

function sum(one: LostLines, other: LostLines): LostLines {
  const kinds = lineKinds.filter((kind) => one[kind] !== undefined || other[kind] !== undefined);
  return Object.fromEntries(kinds.map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)]));
}
