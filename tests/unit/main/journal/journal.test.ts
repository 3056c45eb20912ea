import { chmod, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Journal, type JournalOptions, openJournal } from '../../../../main/journal/journal.ts';
import { readJournal } from '../../../../main/journal/read-journal.ts';
import {
  type EventBody,
  eventBodySchema,
  type JournalEvent,
  journalEventSchema,
} from '../../../../shared/journal/event.ts';

let folder: string;
let journals: Journal[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-journal-'));
  journals = [];
});

afterEach(async () => {
  await Promise.all(journals.map((journal) => journal.close()));
  await rm(folder, { recursive: true, force: true });
});

async function opened(options: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = await openJournal({ folder, writePasses: () => false, ...options });
  journals.push(journal);
  return journal;
}

function decision(outcome: 'passed' | 'refused' | 'granted', containerId?: string, path = '/x'): EventBody {
  const caller =
    containerId === undefined
      ? ({ listener: 'host-gate' } as const)
      : ({ listener: 'container-socket', containerId } as const);
  const reason = outcome === 'refused' ? { reason: 'command-denied' as const } : {};
  return { type: 'decision', outcome, caller, method: 'GET', path, operation: 'x', ...reason };
}

const started: EventBody = { type: 'lifecycle', what: 'started', detail: 'here' };
const path = (): string => join(folder, 'journal.jsonl');

async function written(file = path()): Promise<JournalEvent[]> {
  const text = await readFile(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => journalEventSchema.parse(JSON.parse(line)));
}

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
    expect(reading.events.map((event) => event.sequence)).toEqual([1, 1]);
    expect(reading.unreadable).toBe(1);
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
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, '');
    await symlink(elsewhere, path());
    const journal = await opened();
    journal.record(started);
    await journal.close();
    expect(await readFile(elsewhere, 'utf8')).toBe('');
    expect(journal.counters().lostLines).toBe(1);
  });

  it('is made again when somebody moves it or removes the folder', async () => {
    const journal = await opened();
    journal.record(started);
    await journal.flush();
    await rename(path(), join(folder, 'moved'));
    journal.record(started);
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([2]);
    await rename(path(), join(folder, 'moved'));
    await writeFile(path(), '');
    journal.record(started);
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([3]);
    await rm(folder, { recursive: true });
    journal.record(started);
    await journal.flush();
    expect((await written()).map((event) => event.sequence)).toEqual([4]);
  });

  it('is rotated, with one predecessor that is read too', async () => {
    const journal = await opened({ maxBytes: 500 });
    for (let index = 0; index < 20; index += 1) {
      journal.record(started);
      await journal.flush();
    }
    expect((await stat(path())).size).toBeLessThanOrEqual(500);
    const { events } = await readJournal(path(), 5);
    expect(events.map((event) => event.sequence)).toEqual([16, 17, 18, 19, 20]);
    expect(await readJournal(path(), 100, (event) => event.sequence === 19)).toMatchObject({
      events: [{ sequence: 19 }],
    });
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

  it('is not filled by one loud caller, and says what was left out', async () => {
    let at = Date.parse('2026-11-23T20:00:00Z');
    const journal = await opened({ loudness: { burst: 5, perSecond: 1 }, now: () => new Date(at) });
    for (let index = 0; index < 100; index += 1) {
      journal.record(decision('refused', 'loud'));
      journal.record(decision('refused', index < 5 ? 'quiet' : 'other'));
    }
    expect(journal.counters().lostLines).toBe(95 + 90);
    at += 2000;
    journal.record(decision('refused', 'loud'));
    await journal.close();
    const events = await written();
    const of = (id: string): number =>
      events.filter((e) => e.type === 'decision' && e.caller.containerId === id).length;
    expect([of('loud'), of('quiet'), of('other')]).toEqual([6, 5, 5]);
    const gaps = events.flatMap((event) => (event.type === 'lifecycle' ? [event.detail] : []));
    expect(gaps).toEqual([
      '95 refusals of container-socket loud were left out of journal.jsonl: it is refused too often',
      '90 refusals of container-socket other were left out of journal.jsonl: it is refused too often',
    ]);
  });

  it('that does not exist has no events', async () => {
    expect(await readJournal(path(), 10)).toEqual({ events: [], unreadable: 0 });
  });
});
