import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Journal, openJournal } from '../../../../main/journal/journal.ts';
import type { OpenFile } from '../../../../main/journal/journal-file.ts';
import { readJournal } from '../../../../main/journal/read-journal.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';

/** A disk on which `room` bytes are left; like a real one it takes the part of a write that fits. */
function smallDisk(): { room: number; openFile: OpenFile } {
  const disk = {
    room: Number.POSITIVE_INFINITY,
    async openFile(path: string, flags: number, mode: number): Promise<FileHandle> {
      const handle = await open(path, flags, mode);
      const write = handle.write.bind(handle);
      Object.assign(handle, {
        async write(data: Buffer, offset: number) {
          const fits = Math.min(disk.room, data.length - offset);
          if (fits <= 0) {
            throw new Error('ENOSPC: no space left on device, write');
          }
          disk.room -= fits;
          return write(data, offset, fits);
        },
      });
      return handle;
    },
  };
  return disk;
}

const started: EventBody = { type: 'lifecycle', what: 'started', detail: 'x'.repeat(100) };

describe('a journal on a full disk', () => {
  let folder: string;
  let journal: Journal;
  const disk = smallDisk();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockkeeper-disk-'));
    disk.room = Number.POSITIVE_INFINITY;
    journal = await openJournal({
      folder,
      writePasses: () => false,
      openFile: disk.openFile,
      backlogBytes: 2000,
      retryMs: 3_600_000,
    });
  });

  afterEach(async () => {
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function sequences(): Promise<number[]> {
    return (await readJournal(join(folder, 'journal.jsonl'), 1000)).events.map((event) => event.sequence);
  }

  it('waits with what fits into its backlog and writes it when there is room again', async () => {
    journal.record(started);
    await journal.flush();
    disk.room = 250;
    for (let index = 0; index < 5; index += 1) {
      journal.record(started);
    }
    await journal.flush();
    expect(await sequences()).toEqual([1, 2]);
    expect(journal.counters().lostLines).toBe(0);
    disk.room = Number.POSITIVE_INFINITY;
    await journal.flush();
    expect(await sequences()).toEqual([1, 2, 3, 4, 5, 6]);
    const text = await readFile(join(folder, 'journal.jsonl'), 'utf8');
    expect(text.split('\n').filter((line) => line !== '' && !line.endsWith('}'))).toHaveLength(1);
  });

  it('counts what it loses and says so when it works again', async () => {
    disk.room = 0;
    for (let index = 0; index < 100; index += 1) {
      journal.record(started);
    }
    await journal.flush();
    const { lostLines } = journal.counters();
    expect(lostLines).toBeGreaterThan(80);
    expect(journal.recent()).toHaveLength(100);
    disk.room = Number.POSITIVE_INFINITY;
    await journal.flush();
    const { events } = await readJournal(join(folder, 'journal.jsonl'), 1000);
    expect(events).toHaveLength(100 - lostLines + 1);
    expect(events.at(-1)).toMatchObject({
      what: 'journal-gap',
      detail: `${lostLines} lines could not be written to journal.jsonl: ENOSPC: no space left on device, write`,
    });
    expect(journal.counters().lostLines).toBe(lostLines);
  });

  it('closes, and counts what it takes with it', async () => {
    disk.room = 0;
    journal.record(started);
    await journal.close();
    expect(journal.counters().lostLines).toBe(1);
  });
});

describe('a journal whose disk comes back by itself', () => {
  it('goes on without being asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-disk-'));
    const disk = smallDisk();
    disk.room = 0;
    const journal = await openJournal({
      folder,
      writePasses: () => false,
      openFile: disk.openFile,
      backlogBytes: 400,
      retryMs: 5,
    });
    const told = new Promise<string>((resolve) => {
      journal.subscribe((event) => {
        if (event.type === 'lifecycle' && event.what === 'journal-gap') {
          resolve(event.detail);
        }
      });
    });
    for (let index = 0; index < 10; index += 1) {
      journal.record(started);
    }
    await journal.flush();
    disk.room = Number.POSITIVE_INFINITY;
    expect(await told).toMatch(/^9 lines|^8 lines/);
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  });
});
