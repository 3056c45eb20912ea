import { type FileHandle, open, readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from '../../../../main/journal/journal.ts';
import { realDisk } from '../../../../main/journal/journal-file.ts';
import { readJournal } from '../../../../main/journal/read-journal.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import { journalFolder, journalNews, linesOf } from './journal-under-test.ts';

const { path, opened } = journalFolder();
const FULL = 'ENOSPC: no space left on device, write';

/** A disk on which `room` bytes are left; like a real one it takes the part of a write that fits. */
function smallDisk() {
  const disk = {
    ...realDisk,
    room: Number.POSITIVE_INFINITY,
    async open(file: string, flags: number, mode: number): Promise<FileHandle> {
      const handle = await open(file, flags, mode);
      const write = handle.write.bind(handle);
      return Object.assign(handle, {
        async write(data: Buffer, offset: number) {
          const fits = Math.min(disk.room, data.length - offset);
          if (fits <= 0) {
            throw new Error(FULL);
          }
          disk.room -= fits;
          return write(data, offset, fits);
        },
      });
    },
  };
  return disk;
}

const started: EventBody = { type: 'lifecycle', what: 'started', detail: 'x'.repeat(100) };

describe('a journal on a full disk', () => {
  let journal: Journal;
  let disk: ReturnType<typeof smallDisk>;

  beforeEach(async () => {
    disk = smallDisk();
    journal = await opened({ disk, backlogBytes: 4000, retryMs: 3_600_000 });
  });

  async function sequences(): Promise<number[]> {
    return (await readJournal(path(), 1000)).events.map((event) => event.sequence);
  }

  it('says so at once, waits with what fits into its backlog, and writes it when there is room again', async () => {
    journal.record(started);
    await journal.flush();
    disk.room = 250;
    for (let index = 0; index < 5; index += 1) {
      journal.record(started);
    }
    await journal.flush();
    expect(await sequences()).toEqual([1, 2]);
    expect(journalNews(journal.recent())).toEqual([expect.stringContaining(`journal-unwritable: ${path()}`)]);
    expect(journal.trouble()).toBe(`the journal ${path()} does not take all lines: ${FULL}; 5 lines wait, 0 are lost`);
    disk.room = Number.POSITIVE_INFINITY;
    await journal.flush();
    expect(journal.trouble()).toBeUndefined();
    expect((await linesOf(path())).map((event) => event.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(journalNews(journal.recent()).at(-1)).toBe(`journal-writable: ${path()} is written again`);
  });

  it('leaves no half line on it', async () => {
    disk.room = 400;
    for (let index = 0; index < 5; index += 1) {
      journal.record(started);
    }
    await journal.flush();
    expect((await readFile(path(), 'utf8')).endsWith('\n')).toBe(true);
    expect(await sequences()).toEqual([1]);
  });

  it('counts what it loses and says so when it works again', async () => {
    disk.room = 0;
    for (let index = 0; index < 100; index += 1) {
      journal.record(started);
    }
    await journal.flush();
    const { lostLines } = journal.counters();
    expect(lostLines).toBeGreaterThan(70);
    expect(journal.recent()).toHaveLength(102);
    disk.room = Number.POSITIVE_INFINITY;
    await journal.flush();
    const { events } = await readJournal(path(), 1000);
    expect(journalNews(events).slice(-2)).toEqual([
      `journal-gap: ${lostLines} lines (${lostLines} own) could not be written to ${path()}: ${FULL}`,
      `journal-writable: ${path()} is written again`,
    ]);
    expect(journal.counters()).toMatchObject({ lostLines, lostBy: { own: lostLines } });
  });

  it('closes, and counts what it takes with it', async () => {
    disk.room = 0;
    journal.record(started);
    await journal.close();
    expect(journal.counters().lostLines).toBe(2);
  });
});

it('a journal whose disk comes back by itself goes on without being asked', async () => {
  const disk = smallDisk();
  disk.room = 0;
  const journal = await opened({ disk, backlogBytes: 1500, retryMs: 5 });
  const resumed = new Promise<void>((resolve) => {
    journal.subscribe((event) => {
      if (event.type === 'lifecycle' && event.what === 'journal-writable') resolve();
    });
  });
  for (let index = 0; index < 20; index += 1) {
    journal.record(started);
  }
  await journal.flush();
  disk.room = Number.POSITIVE_INFINITY;
  await resumed;
  expect(journalNews(journal.recent()).at(-2)).toMatch(/^journal-gap: 1\d lines \(1\d own\)/);
});

it('a journal whose disk hangs is closed all the same', async () => {
  const disk = {
    ...realDisk,
    open: async (file: string, flags: number, mode: number) =>
      Object.assign(await open(file, flags, mode), { write: () => new Promise(() => {}) }),
  };
  const journal = await opened({ disk, closeMs: 20 });
  journal.record(started);
  await journal.close();
  expect(journal.counters().lostLines).toBe(1);
});
