import { join } from 'node:path';
import type { JournalCounters } from '../../shared/journal/counters.ts';
import { EVENT_SCHEMA_VERSION, type EventBody, type JournalEvent } from '../../shared/journal/event.ts';
import { type EventFilter, matchesFilter } from '../../shared/journal/filter.ts';
import { redactMessage, redactPath } from '../../shared/journal/redact.ts';
import { createCounting } from './counters.ts';
import type { OpenFile } from './journal-file.ts';
import { createLineWriter } from './line-writer.ts';
import { createLoudness, defaultLoudness } from './loudness.ts';
import { callerOf, createRing } from './ring.ts';

/** Name of the journal file inside the state folder. */
export const JOURNAL_FILE = 'journal.jsonl';

export interface JournalOptions {
  /** The state folder; `journal.jsonl` is written into it. */
  readonly folder: string;
  /** Events that the ring holds. */
  readonly ringSize?: number;
  readonly now?: () => Date;
  /** Whether passed requests are written to the file too (`lockkeeper.audit.passes`); asked for each. */
  readonly writePasses: () => boolean;
  /** Bytes after which the file is rotated; one predecessor is kept. */
  readonly maxBytes?: number;
  /** Bytes of lines that may wait for the disk. */
  readonly backlogBytes?: number;
  readonly retryMs?: number;
  readonly loudness?: { readonly burst: number; readonly perSecond: number };
  /** For tests: how the file is opened. */
  readonly openFile?: OpenFile;
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
  /** Resolves when all lines so far are in the file, or could not be written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const MIB = 1024 * 1024;

/** Longest text of an event besides its path, in characters. */
const TEXT_CAP = 4096;

/**
 * Opens the journal of one run. All events go to the ring and the counters; all but plainly passed decisions go to the file,
 * one JSON object a line. A file that cannot be written is no error here: lines that are lost are counted, and said
 * in a `journal-gap` event once writing works again.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const now = options.now ?? (() => new Date());
  const started = now();
  const ring = createRing(options.ringSize ?? 5000);
  const counting = createCounting(started);
  const listeners = new Set<JournalListener>();
  const loudness = createLoudness(options.loudness ?? defaultLoudness);
  let sequence = 0;

  const writer = createLineWriter({
    path: join(options.folder, JOURNAL_FILE),
    maxBytes: options.maxBytes ?? 64 * MIB,
    backlogBytes: options.backlogBytes ?? 8 * MIB,
    retryMs: options.retryMs ?? 2000,
    onGap: (lines, problem) => record(gap(`${lines} lines could not be written to ${JOURNAL_FILE}: ${problem}`)),
    ...(options.openFile === undefined ? {} : { openFile: options.openFile }),
  });

  function record(body: EventBody): JournalEvent {
    const at = now();
    sequence += 1;
    const event: JournalEvent = {
      schema: EVENT_SCHEMA_VERSION,
      sequence,
      time: at.toISOString(),
      ...withoutSecrets(body),
    };
    ring.add(event);
    counting.add(event, at);
    write(event, at);
    for (const listener of listeners) {
      tell(listener, event);
    }
    return event;
  }

  function write(event: JournalEvent, at: Date): void {
    const all = options.writePasses();
    if (event.type !== 'decision' || all) {
      writer.append(JSON.stringify(event));
    } else if (event.outcome !== 'passed' || event.reason !== undefined) {
      const caller = callerOf(event);
      const { admitted, leftOut } = loudness.admit(caller, at.getTime());
      if (admitted) {
        writer.append(JSON.stringify(event));
      }
      if (leftOut > 0) {
        record(tooLoud(caller, leftOut));
      }
    }
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
    counters: () => ({ ...counting.counters(now()), lostLines: writer.lost() + loudness.lost() }),
    flush: () => writer.flush(),
    async close() {
      for (const [caller, leftOut] of loudness.untold()) {
        record(tooLoud(caller, leftOut));
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

function gap(detail: string): EventBody {
  return { type: 'lifecycle', what: 'journal-gap', detail };
}

function tooLoud(caller: string, lines: number): EventBody {
  return gap(`${lines} refusals of ${caller} were left out of ${JOURNAL_FILE}: it is refused too often`);
}

/** The one place through which every event goes: no secret and no endless text gets further. */
function withoutSecrets(body: EventBody): EventBody {
  if (body.type === 'lifecycle') {
    return { ...body, detail: clipped(redactMessage(body.detail)) };
  }
  if (body.type !== 'decision') {
    return body;
  }
  return {
    ...body,
    method: clipped(body.method),
    path: redactPath(body.path),
    ...(body.message === undefined ? {} : { message: clipped(redactMessage(body.message)) }),
    ...(body.image === undefined ? {} : { image: clipped(body.image) }),
  };
}

function clipped(text: string): string {
  return text.length <= TEXT_CAP ? text : `${text.slice(0, TEXT_CAP - 1)}…`;
}
