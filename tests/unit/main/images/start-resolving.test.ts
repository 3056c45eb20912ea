import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startResolving } from '../../../../main/images/start-resolving.ts';
import type { Policy, PolicyState } from '../../../../shared/policy/policy.ts';
import { listing } from './listing.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function source(first: PolicyState) {
  let state = first;
  const listeners = new Set<(state: PolicyState) => void>();
  return {
    state: () => state,
    onChange(listener: (state: PolicyState) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    change(next: PolicyState) {
      state = next;
      for (const listener of listeners) listener(next);
    },
  };
}

const isReachable = () => true;
const inForce = (policy: Policy): PolicyState => ({
  kind: 'effective',
  generation: 1,
  policy,
  warnings: [],
  problems: [],
});
const everyHour = (images: readonly string[]) => listing(images, { values: { 'lockkeeper.resolveEveryMinutes': 60 } });

test('resolves at the start, after a change, then in the interval of the policy in force, until it is stopped', () => {
  const [first, second] = [everyHour(['docker:cli']), listing(['alpine'])];
  const policy = source(inForce(first));
  const resolved: Policy[] = [];
  const { stop } = startResolving({
    policy,
    isReachable,
    resolveAll: async (one) => void resolved.push(one),
    failed: () => undefined,
  });
  expect(resolved).toEqual([first]);
  vi.advanceTimersByTime(59 * 60_000);
  expect(resolved).toHaveLength(1);
  vi.advanceTimersByTime(60_000);
  expect(resolved).toHaveLength(2);
  policy.change(inForce(second));
  expect(resolved.at(-1)).toBe(second);
  vi.advanceTimersByTime(359 * 60_000);
  expect(resolved).toHaveLength(3);
  vi.advanceTimersByTime(60_000);
  expect(resolved).toHaveLength(4);
  policy.change({ kind: 'closed', generation: 2, problems: [] });
  vi.advanceTimersByTime(6 * 3_600_000);
  expect(resolved).toHaveLength(4);
  policy.change(inForce(first));
  expect(resolved).toHaveLength(5);
  stop();
  policy.change(inForce(second));
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(resolved).toHaveLength(5);
  expect(vi.getTimerCount()).toBe(0);
});

test('an interval beyond what timers can wait does not make them fire at once', () => {
  const policy = source(inForce(listing(['docker:cli'], { values: { 'lockkeeper.resolveEveryMinutes': 10_000_000 } })));
  const resolveAll = vi.fn(async () => undefined);
  const { stop } = startResolving({ policy, isReachable, resolveAll, failed: () => undefined });
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(resolveAll).toHaveBeenCalledTimes(1);
  stop();
});

test('a failure is told and does not end it', async () => {
  const failures: unknown[] = [];
  const policy = source(inForce(everyHour(['docker:cli'])));
  const resolveAll = vi.fn(() => Promise.reject(new Error('engine away')));
  const { stop } = startResolving({ policy, isReachable, resolveAll, failed: (error) => failures.push(error) });
  await vi.advanceTimersByTimeAsync(2 * 3_600_000);
  expect(resolveAll).toHaveBeenCalledTimes(3);
  expect(failures).toHaveLength(3);
  stop();
});
