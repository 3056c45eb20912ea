import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type EventBody, eventBodySchema, type JournalEvent } from '../../../../shared/journal/event.ts';
import { decision, journalFolder, linesOf, started } from './journal-under-test.ts';

const { path, opened } = journalFolder();
const written = (file = path()) => linesOf(file);

describe('what is kept where', () => {
  it('numbers and stamps every event and keeps all of them in the ring, and all but passes on disk', async () => {
    const journal = await opened({ now: () => new Date('2026-11-23T20:00:00.123Z') });
    for (const body of [started, decision('passed'), decision('refused', 'c1'), decision('granted')]) {
      journal.record(body);
    }
    await journal.flush();
    expect(journal.recent().map((event) => event.sequence)).toEqual([1, 2, 3, 4]);
    expect(journal.recent()[0]).toEqual({
      schema: 1,
      sequence: 1,
      time: '2026-11-23T20:00:00.123Z',
      ...started,
    });
    expect((await written()).map((event) => event.sequence)).toEqual([1, 3, 4]);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('writes passes while the policy asks for them', async () => {
    let passes = false;
    const journal = await opened({ writePasses: () => passes });
    journal.record(decision('passed'));
    passes = true;
    journal.record(decision('passed'));
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([2]);
  });

  it('writes a pass that has a reason: an operation that nobody knows', async () => {
    const journal = await opened();
    const unknown = { ...decision('passed'), reason: 'unknown-operation' };
    journal.record(eventBodySchema.parse(unknown));
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([1]);
  });

  it('takes secrets out on every way: ring, subscribers and disk', async () => {
    const journal = await opened();
    const seen: JournalEvent[] = [];
    journal.subscribe((event) => seen.push(event));
    const raw = '/v1.43/build?buildargs=s3cret';
    journal.record({
      ...decision('refused', 'c1', raw),
      message: `enhanced container isolation: docker command "${raw}" is blocked; x`,
    } as EventBody);
    journal.record({ type: 'lifecycle', what: 'engine-unreachable', detail: 'http://a:s3cret@h' });
    await journal.flush();
    for (const text of [JSON.stringify(seen), JSON.stringify(journal.recent()), await readFile(path(), 'utf8')]) {
      expect(text).toContain('buildargs=[redacted]');
      expect(text).not.toContain('s3cret');
    }
  });

  it('clips texts that a peer chooses', async () => {
    const journal = await opened();
    const long = 'a'.repeat(100_000);
    const event = journal.record({ ...decision('refused', 'c', `/${long}`), method: long, image: long } as EventBody);
    expect(JSON.stringify(event).length).toBeLessThan(12_000);
  });

  it('counts by outcome, reason and day', async () => {
    let at = new Date(2026, 10, 23, 23, 59);
    const journal = await opened({ now: () => at });
    journal.record(decision('refused'));
    journal.record(decision('refused'));
    journal.record(decision('passed'));
    expect(journal.counters()).toMatchObject({ events: 3, passed: 1, refused: 2, granted: 0, refusedToday: 2 });
    at = new Date(2026, 10, 24, 0, 1);
    expect(journal.counters()).toMatchObject({ refused: 2, refusedToday: 0, refusedBy: { 'command-denied': 2 } });
    journal.record(decision('refused'));
    expect(journal.counters()).toMatchObject({ refused: 3, refusedToday: 1, lostLines: 0 });
  });
});

describe('the ring', () => {
  it('never holds more than its size', async () => {
    const journal = await opened({ ringSize: 10 });
    for (let index = 0; index < 1000; index += 1) {
      journal.record(decision('passed', `c${index % 7}`));
    }
    const recent = journal.recent();
    expect(recent).toHaveLength(10);
    expect(recent.at(-1)?.sequence).toBe(1000);
  });

  it('keeps what others did when one container asks in a loop', async () => {
    const journal = await opened({ ringSize: 100 });
    journal.record(started);
    for (let index = 0; index < 20; index += 1) {
      journal.record(decision('refused', 'quiet'));
    }
    for (let index = 0; index < 5000; index += 1) {
      journal.record(decision('refused', 'noisy'));
    }
    expect(journal.recent({ container: 'quiet' })).toHaveLength(20);
    expect(journal.recent({ types: ['lifecycle'] })).toHaveLength(1);
    expect(journal.recent({ container: 'noisy' })).toHaveLength(79);
  });

  it("keeps a container's refusals when the same container polls", async () => {
    const journal = await opened({ ringSize: 50 });
    journal.record(decision('refused', 'c1'));
    for (let index = 0; index < 500; index += 1) {
      journal.record(decision('passed', 'c1'));
    }
    expect(journal.recent({ outcomes: ['refused'] })).toHaveLength(1);
  });

  it('gives invented callers one place together', async () => {
    const journal = await opened({ ringSize: 2000 });
    journal.record(decision('refused', 'real'));
    for (let index = 0; index < 5000; index += 1) {
      journal.record(decision('refused', `invented${index}`));
    }
    expect(journal.recent({ container: 'real' })).toHaveLength(1);
    expect(journal.recent()).toHaveLength(2000);
  });

  it('answers filtered questions with the newest, oldest first', async () => {
    const journal = await opened();
    for (const outcome of ['passed', 'refused', 'passed', 'refused', 'granted', 'refused'] as const) {
      journal.record(decision(outcome));
    }
    const numbers = (events: readonly JournalEvent[]): number[] => events.map((event) => event.sequence);
    expect(numbers(journal.recent({ outcomes: ['refused'], limit: 2 }))).toEqual([4, 6]);
    expect(numbers(journal.recent({ withoutPassed: true, from: 4 }))).toEqual([4, 5, 6]);
    expect(numbers(journal.recent({ limit: 0 }))).toEqual([]);
  });
});

describe('subscriptions', () => {
  it('replay from a number, then go on live, without a gap or a repetition, until they end', async () => {
    const journal = await opened();
    const seen: number[] = [];
    journal.record(started);
    journal.record(started);
    const end = journal.subscribe((event) => seen.push(event.sequence), { from: 2 });
    journal.record(started);
    end();
    journal.record(started);
    expect(seen).toEqual([2, 3]);
  });

  it('that throw disturb neither the caller nor each other', async () => {
    const journal = await opened();
    const seen: number[] = [];
    journal.record(started);
    journal.subscribe(
      () => {
        throw new Error('broken view');
      },
      { from: 0 },
    );
    journal.subscribe((event) => seen.push(event.sequence));
    journal.record(started);
    expect(seen).toEqual([2]);
  });
});
