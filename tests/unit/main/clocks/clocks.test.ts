import { describe, expect, it } from 'vitest';
import { ageOf } from '../../../../main/clocks/clocks.ts';

const NOON = Date.parse('2026-05-01T12:00:00.000Z');
const MINUTE = 60_000;
const YEARS = 10 * 365 * 24 * 60 * MINUTE;

/** The age of what was at noon, with 5000 on the steady clock, once the clocks have moved by so much. */
const aged = (wall: number, steady: number) =>
  ageOf({ wall: NOON, steady: 5000 }, { wall: () => NOON + wall, steady: () => 5000 + steady });

describe('the age of what is trusted for a while', () => {
  it.each([
    ['nothing happened', 0, 0, 0],
    ['an hour passed', 60 * MINUTE, 60 * MINUTE, 60 * MINUTE],
    ['the machine slept for an hour', 60 * MINUTE, MINUTE, 60 * MINUTE],
    ['the clock was set ahead by ten years', YEARS, MINUTE, YEARS],
    ['it was set back after an hour, to half of it', 30 * MINUTE, 60 * MINUTE, 60 * MINUTE],
    ['it was corrected by a second', -1000, 10, 10],
    ['it was read from the file of another run', 30 * MINUTE, -4000, 30 * MINUTE],
  ])('when %s', (_, wall, steady, age) => {
    expect(aged(wall, steady)).toBe(age);
  });

  it.each([
    ['two minutes', 2 * MINUTE],
    ['ten years', YEARS],
  ])('is beyond all bounds when the clock was set back by %s', (_, back) => {
    expect(aged(-back, MINUTE)).toBe(Number.POSITIVE_INFINITY);
  });
});
