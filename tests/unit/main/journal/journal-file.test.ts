import { chmod, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../../../../main/journal/read-journal.ts';
import { decision, journalFolder, journalNews, linesOf, started } from './journal-under-test.ts';

const { path, opened } = journalFolder();
const written = (file = path()) => linesOf(file);

describe('the file', () => {
  it('is appended to by the next run, after ending the half line of a crash', async () => {
    const first = await opened();
    first.record(started);
    await first.close();
    await writeFile(path(), '{"schema":1,"seq', { flag: 'a' });
    const second = await opened();
    second.record(started);
    await second.flush();
    const reading = await readJournal(path(), 100);
    expect(reading.events.map((event) => event.sequence)).toEqual([1, 1, 2]);
    expect(reading).toMatchObject({ unreadable: 1, newer: 0 });
    expect(journalNews(second.recent())).toEqual([
      `journal-gap: the last line of ${path()} was cut by a crash or a full disk; it is skipped`,
    ]);
    expect(second.trouble()).toBeUndefined();
  });

  it('is read on when a newer version wrote some of its lines', async () => {
    const journal = await opened();
    journal.record(started);
    await journal.close();
    await writeFile(path(), '{"schema":2,"sequence":1,"when":"2031"}\n{"schema":"2"}\n[]\n', { flag: 'a' });
    const reading = await readJournal(path(), 100);
    expect(reading.events).toHaveLength(1);
    expect(reading).toMatchObject({ unreadable: 3, newer: 1 });
  });

  it('is read with the fields that a later version has added, and without the codes that it does not know', async () => {
    const journal = await opened();
    const event = journal.record(decision('refused', 'c1'));
    await journal.close();
    const caller = { listener: 'container-socket', containerId: 'c1', pid: 7 };
    const added = { ...event, sequence: 2, caller, cost: { bytes: 3 } };
    await writeFile(path(), `${JSON.stringify(added)}\n`, { flag: 'a' });
    await writeFile(path(), `${JSON.stringify({ ...added, reason: 'too-new' })}\n`, { flag: 'a' });
    const reading = await readJournal(path(), 100);
    expect(reading.events.at(-1)).toEqual(added);
    expect(reading).toMatchObject({ unreadable: 1, newer: 0 });
  });

  it('is made private again', async () => {
    await writeFile(path(), '');
    await chmod(path(), 0o644);
    const journal = await opened();
    journal.record(started);
    await journal.flush();
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('is not written through a link', async () => {
    const elsewhere = path('elsewhere');
    await writeFile(elsewhere, '');
    await symlink(elsewhere, path());
    const journal = await opened();
    journal.record(started);
    await journal.close();
    expect(await readFile(elsewhere, 'utf8')).toBe('');
    expect(journal.trouble()).toContain('ELOOP');
    expect(journal.counters().lostBy).toEqual({ own: 2 });
  });

  it('is made again when somebody moves it or removes the folder', async () => {
    const journal = await opened();
    journal.record(started);
    await journal.flush();
    await rename(path(), path('moved'));
    journal.record(started);
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([2]);
    await rename(path(), path('moved'));
    await writeFile(path(), '');
    journal.record(started);
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([3]);
    await rm(dirname(path()), { recursive: true });
    journal.record(started);
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([4]);
  });

  it('goes on where it is after logrotate copied and truncated it', async () => {
    const journal = await opened({ place: () => ({ maxBytes: 4 * 600 }) });
    for (let index = 0; index < 10; index += 1) {
      journal.record(started);
      await journal.flush();
      await truncate(path(), 0);
    }
    journal.record(started);
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([11]);
    await expect(stat(path('journal.1.jsonl'))).rejects.toThrow('ENOENT');
  });

  it('has all lines of a burst in order', async () => {
    const journal = await opened();
    for (let index = 0; index < 5000; index += 1) {
      journal.record(decision('refused', 'c1'));
    }
    await journal.flush();
    const sequences = (await written()).map((event) => event.sequence);
    expect(sequences).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
  });

  it('that does not exist has no events', async () => {
    expect(await readJournal(path(), 10)).toEqual({ events: [], unreadable: 0, newer: 0 });
  });
});
