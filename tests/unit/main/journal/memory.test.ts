import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../../main/journal/journal.ts';
import { type EventBody, eventBodySchema } from '../../../../shared/journal/event.ts';
import { decision, journalFolder } from './journal-under-test.ts';

const { opened } = journalFolder();
const MIB = 2 ** 20;
const HEAD = 512 * 1024;

setFlagsFromString('--expose_gc');
const collect: () => void = runInNewContext('gc');

function heapAfter(record: (head: string, index: number) => void, count: number): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < count; index += 1) {
    // As a request head is read: one string out of bytes, in which everything else points.
    record(Buffer.alloc(HEAD, `GET /v1.43/containers/json?number=${index}&x=`).toString('latin1'), index);
  }
  collect();
  return process.memoryUsage().heapUsed - before;
}

describe('an event in memory', () => {
  const refused = (path: string, text: string): EventBody =>
    eventBodySchema.parse({ ...decision('refused', 'c1', path), message: text, image: text.slice(0, 100) });

  it.each([
    ['a piece of its head', (journal: Journal, head: string) => journal.record(refused(head.slice(4, 60), 'x'))],
    ['a path that is cut', (journal: Journal, head: string) => journal.record(refused(head.slice(4), 'x'))],
    ['a message that is cut', (journal: Journal, head: string) => journal.record(refused('/', head.slice(4)))],
  ])('holds what it shows and not the request that it comes from: %s', async (_, record) => {
    const journal = await opened({ backlogBytes: 1024 });
    expect(heapAfter((head) => void record(journal, head), 100)).toBeLessThan(8 * MIB);
    expect(journal.recent().length).toBeGreaterThanOrEqual(100);
  });
});

describe('the ring', () => {
  it('lets go of the events that make room for others', async () => {
    const size = 100;
    const journal = await opened({ ringSize: size });
    const events = Array.from({ length: 190 }, () => new WeakRef(journal.record(decision('passed', 'c1'))));
    // What was made in this turn of the event loop is held for as long.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(events.filter((event) => event.deref() !== undefined)).toHaveLength(size);
  });
});

describe('recording', () => {
  it('makes no JSON of a pass that is not written', async () => {
    const journal = await opened();
    let asked = 0;
    const body = decision('passed', 'c1');
    const event = journal.record({
      ...body,
      get operation() {
        asked += 1;
        return 'x';
      },
    } as EventBody);
    expect(asked).toBeLessThanOrEqual(2);
    expect(event).toMatchObject({ outcome: 'passed' });
  });
});
