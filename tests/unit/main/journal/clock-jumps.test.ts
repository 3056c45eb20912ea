import { describe, expect, it } from 'vitest';
import { decision, journalFolder, journalNews, linesOf } from './journal-under-test.ts';

const { path, opened } = journalFolder();
const YEARS = 10 * 365 * 24 * 3_600_000;

describe.each([
  ['back', -YEARS],
  ['ahead', YEARS],
])('a clock that is set %s by ten years', (_, jump) => {
  it('leaves events in their order, and everybody the share that they have', async () => {
    let wall = Date.parse('2026-11-23T20:00:00Z');
    let steady = 1000;
    const loudness = { burst: 1000, perDay: 1 };
    const journal = await opened({ loudness, now: () => new Date(wall), steady: () => steady });
    for (let index = 0; index < 20; index += 1) journal.record(decision('refused', 'loud'));
    wall += jump;
    steady += 60_000;
    for (let index = 0; index < 20; index += 1) journal.record(decision('refused', 'loud'));
    expect(journal.recent().map(({ sequence }) => sequence)).toEqual(journal.recent().map((_, index) => index + 1));
    expect(journal.counters()).toMatchObject({ refused: 40 });
    await journal.close();
    const events = await linesOf(path());
    expect(events.filter(({ type }) => type === 'decision').length).toBeLessThan(10);
    // At once, after a minute, and at the end.
    expect(journalNews(events)).toHaveLength(3);
  });
});
