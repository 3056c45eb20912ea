import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveQuestion } from '../../../../main/service/live-question.ts';

let current: { readonly count: number };
let changed: (() => void) | undefined;
/** Settles the question that is under way. */
let answer: (() => void)[];
const ask = vi.fn();

const live = () =>
  liveQuestion({
    ask: () => {
      ask();
      return new Promise<{ readonly count: number }>((resolve) => {
        answer.push(() => resolve({ ...current }));
      });
    },
    watch: (tell) => {
      changed = tell;
      return () => {
        changed = undefined;
      };
    },
  });

beforeEach(() => {
  vi.useFakeTimers();
  ask.mockClear();
  current = { count: 0 };
  answer = [];
});
afterEach(() => void vi.useRealTimers());

async function settle(): Promise<void> {
  answer.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
}

describe('a live question', () => {
  it('pushes the first answer when it comes, and then what has changed', async () => {
    const pushed: number[] = [];
    live().subscribe(({ count }) => pushed.push(count));
    expect(pushed).toEqual([]);
    await settle();
    expect(pushed).toEqual([0]);
    changed?.();
    changed?.();
    await vi.advanceTimersByTimeAsync(250);
    await settle();
    expect({ pushed, asked: ask.mock.calls.length }).toEqual({ pushed: [0], asked: 2 });
    current = { count: 1 };
    changed?.();
    await vi.advanceTimersByTimeAsync(250);
    await settle();
    expect(pushed).toEqual([0, 1]);
  });

  it('asks one question at a time, and again when something changed meanwhile', async () => {
    const pushed: number[] = [];
    live().subscribe(({ count }) => pushed.push(count));
    current = { count: 1 };
    changed?.();
    await vi.advanceTimersByTimeAsync(1000);
    expect(ask).toHaveBeenCalledTimes(1);
    await settle();
    current = { count: 2 };
    await vi.advanceTimersByTimeAsync(250);
    expect(ask).toHaveBeenCalledTimes(2);
    await settle();
    expect(pushed).toEqual([1, 2]);
  });

  it('tells a second subscriber too, and ends with the last', async () => {
    const value = live();
    const [first, second] = [vi.fn(), vi.fn()];
    const ends = [value.subscribe(first), value.subscribe(second)];
    await settle();
    await vi.advanceTimersByTimeAsync(250);
    await settle();
    expect([first, second].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    for (const end of ends) end();
    expect(changed).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});
