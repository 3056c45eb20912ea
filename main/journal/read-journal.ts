import { constants, type createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { type JournalEvent, journalEventSchema } from '../../shared/journal/event.ts';
import { previousOf } from './journal-file.ts';

/** What a journal file says. */
export interface JournalReading {
  /** Oldest first, as written; sequences start anew with each run. */
  readonly events: readonly JournalEvent[];
  /** Lines that are no events: the half line of a crash, or of a newer version. */
  readonly unreadable: number;
}

/** Longest line that is read, in characters; we write none that is longer. */
const LINE_CAP = 1024 * 1024;

/**
 * The newest `most` events of the journal at `path` and of its predecessor that `wanted` lets through. Files that do
 * not exist have no events; one that cannot be read rejects with the system's error.
 */
export async function readJournal(
  path: string,
  most: number,
  wanted: (event: JournalEvent) => boolean = () => true,
): Promise<JournalReading> {
  const events: JournalEvent[] = [];
  let unreadable = 0;
  for (const file of [previousOf(path), path]) {
    for await (const line of linesOf(file)) {
      const event = parseLine(line);
      if (event === undefined) {
        unreadable += 1;
      } else if (wanted(event)) {
        events.push(event);
      }
      if (events.length >= 2 * most) {
        events.splice(0, events.length - most);
      }
    }
  }
  return { events: events.slice(Math.max(0, events.length - most)), unreadable };
}

function parseLine(line: string): JournalEvent | undefined {
  try {
    const parsed = journalEventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Lines without their ends, empty ones left out; one beyond the cap comes cut, and so is unreadable. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const text = await openText(path);
  if (text === undefined) {
    return;
  }
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + String(piece)).split('\n');
    rest = (lines.pop() ?? '').slice(0, LINE_CAP);
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') {
    yield rest;
  }
}

async function openText(path: string): Promise<ReturnType<typeof createReadStream> | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return handle.createReadStream({ encoding: 'utf8' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
