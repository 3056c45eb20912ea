import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../../main/journal/journal.ts';
import { journalPaths } from '../../../../main/journal/kept-files.ts';
import { readJournal } from '../../../../main/journal/read-journal.ts';
import { journalFolder, started } from './journal-under-test.ts';

const { path, opened } = journalFolder();

async function record(journal: Journal, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    journal.record(started);
    await journal.flush();
  }
}

async function sizes(): Promise<(number | undefined)[]> {
  return Promise.all(
    journalPaths(path()).map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  );
}

const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((all, one) => all + (one ?? 0), 0);

describe('a journal that grows', () => {
  it('keeps three files besides the one it writes, within the size that all may have', async () => {
    const journal = await opened({ place: () => ({ maxBytes: 2000 }) });
    for (let round = 0; round < 40; round += 1) {
      await record(journal, 1);
      expect(sum(await sizes())).toBeLessThanOrEqual(2000);
    }
    expect((await readdir(dirname(path()))).sort()).toEqual([
      'journal.1.jsonl',
      'journal.2.jsonl',
      'journal.3.jsonl',
      'journal.jsonl',
    ]);
    for (const file of journalPaths(path())) expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { events } = await readJournal(path(), 1000);
    const sequences = events.map((event) => event.sequence);
    expect(sequences.length).toBeGreaterThan(12);
    expect(sequences).toEqual(sequences.map((_, index) => 40 - sequences.length + 1 + index));
    const newest = await readJournal(path(), 5, (event) => event.sequence % 2 === 0);
    expect(newest.events.map((event) => event.sequence)).toEqual([32, 34, 36, 38, 40]);
  });

  it('takes a smaller size without losing what was written last', async () => {
    let maxBytes = 8000;
    const journal = await opened({ place: () => ({ maxBytes }) });
    await record(journal, 83);
    const [current = 0] = await sizes();
    expect(current).toBeGreaterThan(1500);
    maxBytes = 2000;
    await record(journal, 2);
    expect((await sizes()).slice(1)).toEqual([current, undefined, undefined]);
    const { events } = await readJournal(path(), 1000);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => 86 - events.length + index));
    await record(journal, 12);
    expect(sum(await sizes())).toBeLessThanOrEqual(2000);
  });

  it('fills a number that somebody freed, and loses nothing for it', async () => {
    const journal = await opened({ place: () => ({ maxBytes: 2000 }) });
    await record(journal, 20);
    await rm(path('journal.1.jsonl'));
    const before = (await readJournal(path(), 1000)).events.length;
    await record(journal, 4);
    const { events } = await readJournal(path(), 1000);
    expect(events).toHaveLength(before + 4);
    expect((await sizes()).every((size) => size !== undefined)).toBe(true);
  });

  it('writes a line that is larger than a file may be into a file of its own', async () => {
    const journal = await opened({ place: () => ({ maxBytes: 400 }) });
    await record(journal, 3);
    const { events, unreadable } = await readJournal(path(), 10);
    expect([events.at(-1)?.sequence, unreadable]).toEqual([3, 0]);
  });

  it('leaves other files of the folder alone', async () => {
    const journal = await opened({ place: () => ({ maxBytes: 2000 }) });
    await record(journal, 1);
    await rm(path('journal.1.jsonl'), { force: true });
    await writeFile(path('journal.10.jsonl'), 'not ours');
    await record(journal, 20);
    expect((await stat(path('journal.10.jsonl'))).size).toBe(8);
  });
});
