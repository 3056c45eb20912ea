import { describe, expect, it } from 'vitest';
import { startScan } from '../../../../../renderer/pages/activity/scan.ts';
import { decision } from './decisions.ts';

const many = Array.from({ length: 2_000 }, (_, sequence) => decision({ sequence }));
const isEven = ({ sequence }: { readonly sequence: number }) => sequence % 2 === 0;

describe('a scan of decisions', () => {
  it('finds the newest first, in pieces, and all of them in the end', () => {
    // A clock by which each look takes longer than a piece may.
    let time = 0;
    const scan = startScan(many, isEven, () => {
      time += 13;
      return time;
    });
    expect(scan.matches()).toEqual([]);
    expect(scan.takeOlder(many)).toBe(true);
    const first = scan.matches();
    expect(first.length).toBeLessThan(many.length / 4);
    expect(first.at(-1)?.sequence).toBe(1_998);
    let pieces = 1;
    while (scan.takeOlder(many)) pieces += 1;
    expect(pieces).toBeGreaterThan(4);
    expect(scan.matches()).toEqual(many.filter(isEven));
  });

  it('takes what comes meanwhile, once and in order', () => {
    const growing = many.slice(0, 10);
    const scan = startScan(growing, isEven);
    growing.push(...many.slice(10, 14));
    scan.takeNew(growing);
    scan.takeOlder(growing);
    scan.takeNew(growing);
    expect(scan.takeOlder(growing)).toBe(false);
    expect(scan.matches().map(({ sequence }) => sequence)).toEqual([0, 2, 4, 6, 8, 10, 12]);
  });
});
