import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createBacklog } from '../../../../main/journal/backlog.ts';
import { realDisk } from '../../../../main/journal/journal-file.ts';
import { journalPaths } from '../../../../main/journal/kept-files.ts';
import type { JournalEvent } from '../../../../shared/journal/event.ts';
import { decision, journalFolder, journalNews, linesOf, started } from './journal-under-test.ts';

const { path, opened } = journalFolder();

/** A disk that takes nothing until it is let. */
function stuckDisk() {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const disk = {
    ...realDisk,
    async open(file: string, flags: number, mode: number): Promise<FileHandle> {
      const handle = await open(file, flags, mode);
      const write = handle.write.bind(handle);
      return Object.assign(handle, {
        async write(data: Buffer, offset: number) {
          await released;
          return write(data, offset);
        },
      });
    },
  };
  return { disk, release };
}

const of = (events: readonly JournalEvent[], id: string): number =>
  events.filter((event) => event.type === 'decision' && event.caller.containerId === id).length;

/** Bytes of the line that a decision of this file makes, with a sequence of three digits and the shortest name of a container. */
function lineBytes(): number {
  const stamp = { schema: 1, sequence: 999, time: new Date(0).toISOString() };
  return JSON.stringify({ ...stamp, ...decision('refused', 'quiet') }).length + 1;
}

describe('a container that floods', () => {
  it("pushes nobody else's events out of the ring, and fills no backlog that others need", async () => {
    const { disk, release } = stuckDisk();
    const journal = await opened({ disk, backlogBytes: 256 * 1024, loudness: { burst: 1e9, perDay: 0 } });
    for (let index = 0; index < 100_000; index += 1) {
      journal.record(decision('refused', 'noisy'));
      if (index % 1000 === 500) {
        journal.record(decision('refused', 'quiet'));
        journal.record(decision('granted', 'quiet'));
      }
    }
    journal.record(started);
    expect(journal.recent({ container: 'quiet' })).toHaveLength(200);
    expect(journal.recent({ types: ['lifecycle'] }).length).toBeGreaterThan(0);
    release();
    await journal.flush();
    const events = await linesOf(path());
    expect(of(events, 'quiet')).toBe(200);
    expect(events.at(-2)).toMatchObject({ what: 'journal-gap' });
    expect(events.some((event) => event.type === 'lifecycle' && event.what === 'started')).toBe(true);
    const { lostLines, lostBy } = journal.counters();
    expect(of(events, 'noisy')).toBe(100_000 - lostLines);
    expect(lostBy).toEqual({ refused: lostLines });
    expect(lostLines).toBeGreaterThan(90_000);
    expect(journalNews(events)).toEqual([
      `journal-unwritable: ${path()} does not take all lines: the disk is too slow for what has to be written; lines wait in memory, and what is too much is counted`,
      `journal-gap: ${lostLines} lines (${lostLines} refused) could not be written to ${path()}: the disk is too slow for what has to be written`,
      `journal-writable: ${path()} is written again`,
    ]);
  });

  it('with passes loses its passes before its refusals', async () => {
    const { disk, release } = stuckDisk();
    const passLoudness = { burst: 1e9, perDay: 0 };
    const journal = await opened({ disk, backlogBytes: 64 * 1024, writePasses: () => true, passLoudness });
    for (let index = 0; index < 10_000; index += 1) {
      journal.record(decision(index % 100 === 0 ? 'refused' : 'passed', 'c1'));
    }
    release();
    await journal.flush();
    const events = await linesOf(path());
    expect(events.filter((event) => event.type === 'decision' && event.outcome === 'refused')).toHaveLength(100);
    expect(Object.keys(journal.counters().lostBy ?? {})).toEqual(['passed']);
  });

  it('does not fill the file, and what was left out is said', async () => {
    let at = Date.parse('2026-11-23T20:00:00Z');
    const line = lineBytes();
    const loudness = { burst: 5 * line, perDay: line * 24 * 60 * 60 };
    const journal = await opened({
      loudness,
      passLoudness: loudness,
      writePasses: () => true,
      now: () => new Date(at),
      steady: () => at,
    });
    for (let index = 0; index < 100; index += 1) {
      journal.record(decision('refused', 'loud'));
      journal.record(decision('refused', index < 5 ? 'quiet' : 'other'));
      journal.record(decision('passed', 'loud'));
    }
    expect(journal.counters()).toMatchObject({ lostLines: 95 + 90 + 95, lostBy: { refused: 185, passed: 95 } });
    at += 2000;
    journal.record(decision('refused', 'loud'));
    await journal.close();
    const events = await linesOf(path());
    expect([of(events, 'loud'), of(events, 'quiet'), of(events, 'other')]).toEqual([11, 5, 5]);
    expect(journalNews(events)).toEqual([
      ...[
        '1 of the refusals of container-socket loud was left out of the journal file: it is refused too often',
        '1 of the passed requests of container-socket loud was left out of the journal file: it asks too often',
        '1 of the refusals of container-socket other was left out of the journal file: it is refused too often',
        '89 refusals of container-socket other were left out of the journal file: it is refused too often',
        '94 refusals of container-socket loud were left out of the journal file: it is refused too often',
        '94 passed requests of container-socket loud were left out of the journal file: it asks too often',
      ].map((words) => `journal-gap: ${words} for lockkeeper.audit.maxMegabytes`),
    ]);
  });

  it.each([
    ['refusals', 'refused', 16],
    ['passes', 'passed', 4],
  ] as const)(
    'has a share of the journal on disk, also for its %s with long paths, and no more',
    async (_what, outcome, part) => {
      const maxBytes = 8 * 2 ** 20;
      const journal = await opened({ writePasses: () => true, place: () => ({ maxBytes }), backlogBytes: maxBytes });
      journal.record(decision('refused', 'quiet'));
      const long = `/${'x'.repeat(2000)}`;
      for (let index = 0; index < 10_000; index += 1) journal.record(decision(outcome, 'loud', long));
      journal.record(decision('refused', 'quiet'));
      await journal.flush();
      const events = (await Promise.all(journalPaths(path()).filter(existsSync).map(linesOf))).flat();
      expect(of(events, 'quiet')).toBe(2);
      const loud = events.filter((event) => event.type === 'decision' && event.caller.containerId === 'loud');
      const bytes = loud.reduce((sum, event) => sum + JSON.stringify(event).length + 1, 0);
      expect(bytes).toBeGreaterThan(maxBytes / part - 3000);
      expect(bytes).toBeLessThanOrEqual(maxBytes / part);
    },
  );

  it('has its events told to subscribers in their order, also when they cause others', async () => {
    const journal = await opened({ backlogBytes: 1000 });
    const seen: number[] = [];
    journal.subscribe((event) => seen.push(event.sequence));
    for (let index = 0; index < 100; index += 1) {
      journal.record(decision('refused', 'noisy'));
    }
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(seen.length).toBeGreaterThan(100);
  });
});

describe('the backlog', () => {
  const line = (lane: string, text: string) => ({ lane, text, kind: 'refused' as const });

  it('gives lines in their order and forgets those that are whole', () => {
    const backlog = createBacklog(1000);
    for (const [lane, text] of [
      ['a', '1'],
      ['b', '22'],
      ['a', '333'],
    ] as const)
      backlog.add(line(lane, text));
    expect(backlog.batch(5).toString()).toBe('1\n22\n');
    expect(backlog.written(4)).toBe(2);
    expect(backlog.batch(100).toString()).toBe('22\n');
    expect(backlog.written(3)).toBe(3);
    expect(backlog.batch(1).toString()).toBe('333\n');
    expect(backlog.lines()).toBe(1);
  });

  it('never holds more than it may, whoever adds what, and accounts for every line', () => {
    const backlog = createBacklog(5000);
    let added = 0;
    let gone = 0;
    let written = 0;
    for (let index = 0; index < 20_000; index += 1) {
      gone += backlog.add(line(`lane${(index * 7) % 13}`, 'x'.repeat((index * 31) % 300))).length;
      added += 1;
      if (index % 50 === 0) {
        const before = backlog.lines();
        const data = backlog.batch(600);
        backlog.written(index % 100 === 0 ? data.length : data.length >> 1);
        written += before - backlog.lines();
      }
      expect(added - gone - written).toBe(backlog.lines());
    }
    let left = 0;
    while (backlog.lines() > 0) {
      const data = backlog.batch(1000);
      left += data.length;
      backlog.written(data.length);
    }
    expect(left).toBeLessThanOrEqual(5000);
  });

  it('drops a line that alone is too large', () => {
    const backlog = createBacklog(100);
    backlog.add(line('a', 'kept'));
    expect(backlog.add(line('b', 'x'.repeat(200)))).toEqual(['refused']);
    expect(backlog.batch(100).toString()).toBe('kept\n');
  });
});
