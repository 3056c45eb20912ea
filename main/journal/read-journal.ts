import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { EVENT_SCHEMA_VERSION, type JournalEvent, writtenEventSchema } from '../../shared/journal/event.ts';
import { journalPaths } from './kept-files.ts';

/** What a journal's files say. */
export interface JournalReading {
  /** Oldest first, as written; sequences start anew with each run. */
  readonly events: readonly JournalEvent[];
  /** Lines that are no events: the half line of a crash, or what only a newer version knows. */
  readonly unreadable: number;
  /** How many of those a newer version wrote. */
  readonly newer: number;
}

/** Longest line that is read, in characters; we write none that is longer. */
const LINE_CAP = 1024 * 1024;

const newerLine = z.object({ schema: z.int().gt(EVENT_SCHEMA_VERSION) });

/**
 * The newest `most` events of the journal at `path` and of its kept files that `wanted` lets through. Files that do not
 * exist have no events; one that cannot be read rejects with the system's error. Lockkeeper may be writing meanwhile.
 */
export async function readJournal(
  path: string,
  most: number,
  wanted: (event: JournalEvent) => boolean = () => true,
): Promise<JournalReading> {
  const events: JournalEvent[] = [];
  let unreadable = 0;
  let newer = 0;
  const handles = await openAll(journalPaths(path));
  try {
    for (const handle of handles) {
      for await (const line of linesOf(handle)) {
        const parsed = parseLine(line);
        if (parsed === undefined || parsed === 'newer') {
          unreadable += 1;
          newer += parsed === 'newer' ? 1 : 0;
        } else if (wanted(parsed)) {
          events.push(parsed);
        }
        if (events.length >= 2 * most) {
          events.splice(0, events.length - most);
        }
      }
    }
  } finally {
    await Promise.all(handles.map((handle) => handle.close()));
  }
  return { events: events.slice(Math.max(0, events.length - most)), unreadable, newer };
}

/** From the newest on, so that a rotation meanwhile hides none; one that comes by twice is left out. Oldest first. */
async function openAll(paths: readonly string[]): Promise<FileHandle[]> {
  const opened: FileHandle[] = [];
  const known = new Set<string>();
  try {
    for (const path of paths) {
      const handle = await openIfThere(path);
      if (handle === undefined) {
        continue;
      }
      opened.unshift(handle);
      const { dev, ino } = await handle.stat({ bigint: true });
      if (known.has(`${dev}:${ino}`)) {
        await opened.shift()?.close();
      }
      known.add(`${dev}:${ino}`);
    }
    return opened;
  } catch (error) {
    await Promise.all(opened.map((handle) => handle.close()));
    throw error;
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function parseLine(line: string): JournalEvent | 'newer' | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const parsed = writtenEventSchema.safeParse(value);
    if (parsed.success) {
      return parsed.data;
    }
    return newerLine.safeParse(value).success ? 'newer' : undefined;
  } catch {
    return undefined;
  }
}

/** Lines without their ends, empty ones left out; one beyond the cap comes cut, and so is unreadable. */
async function* linesOf(handle: FileHandle): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of handle.createReadStream({ encoding: 'utf8', autoClose: false })) {
    const lines = (rest + String(piece)).split('\n');
    rest = (lines.pop() ?? '').slice(0, LINE_CAP);
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') {
    yield rest;
  }
}
