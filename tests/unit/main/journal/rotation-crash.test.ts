import type { FileHandle } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../../main/journal/journal.ts';
import { type JournalDisk, realDisk } from '../../../../main/journal/journal-file.ts';
import { readJournal } from '../../../../main/journal/read-journal.ts';
import { journalFolder, started } from './journal-under-test.ts';

const { path, opened } = journalFolder();
const handles: FileHandle[] = [];
afterEach(async () => {
  await Promise.all(handles.splice(0).map((handle) => handle.close().catch(() => undefined)));
});

const place = () => ({ maxBytes: 2000 });

/** A disk that stands still for good right before its n-th step, which is what the files see of a kill -9. */
function diskUntil(step: number) {
  const names: string[] = [];
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const next = async (name: string): Promise<void> => {
    if (names.length === step) {
      stop();
      await new Promise(() => {});
    }
    names.push(name);
  };
  const disk: JournalDisk = {
    async open(file, flags, mode) {
      await next('open');
      const handle = await realDisk.open(file, flags, mode);
      handles.push(handle);
      return handle;
    },
    async rename(from, to) {
      await next('rename');
      await realDisk.rename(from, to);
    },
    async remove(file) {
      await next('remove');
      await realDisk.remove(file);
    },
  };
  return { disk, stopped, names };
}

/** Writes line after line until the disk stands still, or all are written. */
async function writeUntil(step: number, folder: string) {
  const { disk, stopped, names } = diskUntil(step);
  const journal = await openJournal({ folder, disk, place, writePasses: () => false });
  let flushed = 0;
  let isKilled = false;
  for (let line = 0; line < 24 && !isKilled; line += 1) {
    const { sequence } = journal.record(started);
    isKilled = await Promise.race([journal.flush().then(() => false), stopped.then(() => true)]);
    flushed = isKilled ? flushed : sequence;
  }
  return { flushed, isKilled, names };
}

describe('a journal that is killed while it rotates', () => {
  it('has every line that was written, whichever step it was killed at, and goes on', async () => {
    for (let step = 0; ; step += 1) {
      const folder = path(`run${step}`);
      const { flushed, isKilled, names } = await writeUntil(step, folder);
      const journal = await opened({ folder, place });
      journal.record(started);
      await journal.flush();
      const { events, unreadable } = await readJournal(`${folder}/journal.jsonl`, 1000);
      expect([unreadable, events.at(-1)?.sequence]).toEqual([0, 1]);
      const sequences = events.slice(0, -1).map((event) => event.sequence);
      expect(sequences.at(-1) ?? 0).toBe(flushed);
      expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
      expect(sequences.length).toBeGreaterThan(Math.min(8, flushed - 1));
      if (!isKilled) {
        // Each rotation moves one file more than the one before, up to three, and opens a new one.
        expect(names.join(' ')).toMatch(/^open rename open rename rename open(?: rename rename rename open){2,}$/);
        expect(step).toBe(names.length);
        return;
      }
    }
  });
});
