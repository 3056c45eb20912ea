import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LiveValue, liveValue } from '../../../../main/service/live-value.ts';

interface Value {
  readonly count: number;
  readonly names: readonly string[];
}

let current: Value;
let changed: (() => void) | undefined;
let live: LiveValue<Value>;

beforeEach(() => {
  vi.useFakeTimers();
  current = { count: 0, names: [] };
  changed = undefined;
  live = liveValue({
    read: () => ({ ...current, names: [...current.names] }),
    watch: (tell) => {
      changed = tell;
      return () => {
        changed = undefined;
      };
    },
  });
});
afterEach(() => void vi.useRealTimers());

function change(next: Partial<Value>): void {
  current = { ...current, ...next };
  changed?.();
}

describe('a live value', () => {
  it('begins with what is so now', () => {
    const pushed: Value[] = [];
    current = { count: 3, names: ['a'] };
    live.subscribe((value) => pushed.push(value));
    expect(pushed).toEqual([{ count: 3, names: ['a'] }]);
  });

  it('goes on with changes, several of them as one', () => {
    const pushed: number[] = [];
    live.subscribe(({ count }) => pushed.push(count));
    for (let count = 1; count <= 100; count += 1) {
      change({ count });
      vi.advanceTimersByTime(25);
    }
    expect(pushed).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it('is silent about what comes to the same', () => {
    const push = vi.fn();
    live.subscribe(push);
    change({ names: [] });
    change({ count: 1 });
    change({ count: 0 });
    vi.advanceTimersByTime(1000);
    expect(push).toHaveBeenCalledTimes(1);
    change({ names: ['b'] });
    vi.advanceTimersByTime(1000);
    expect(push).toHaveBeenCalledTimes(2);
  });

  it('tells each subscriber what that one does not know yet', () => {
    const [first, second]: [number[], number[]] = [[], []];
    live.subscribe(({ count }) => first.push(count));
    change({ count: 1 });
    live.subscribe(({ count }) => second.push(count));
    vi.advanceTimersByTime(250);
    expect([first, second]).toEqual([[0, 1], [1]]);
  });

  it('is watched only while somebody has subscribed, and leaves no timer', () => {
    const push = vi.fn();
    expect(changed).toBeUndefined();
    const ends = [live.subscribe(push), live.subscribe(push)];
    ends[0]?.();
    expect(changed).toBeDefined();
    change({ count: 1 });
    ends[1]?.();
    expect(changed).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
    live.subscribe(push);
    expect(changed).toBeDefined();
  });
});
