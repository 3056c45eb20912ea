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
    resolve: async (one) => resolved.push(one) > 0,
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
  const resolve = vi.fn(async () => true);
  const { stop } = startResolving({ policy, isReachable, resolve, failed: () => undefined });
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(resolve).toHaveBeenCalledTimes(1);
  stop();
});

const MINUTE = 60_000;

/** Resolving whose rounds are all that is looked at: which questions they asked, and what came of them. */
function rounds(answers: { complete: boolean | Error; reachable?: boolean }, chance = 0) {
  const asked: string[] = [];
  const failures: unknown[] = [];
  const resolving = startResolving({
    policy: source(inForce(listing(['docker:cli']))),
    isReachable: () => answers.reachable ?? true,
    async resolve(_policy, which) {
      asked.push(which);
      if (answers.complete instanceof Error) throw answers.complete;
      return answers.complete;
    },
    failed: (error) => failures.push(error),
    chance: () => chance,
  });
  return { asked, failures, ...resolving };
}

test('what came to nothing is asked again, at longer and longer intervals, until it is answered', async () => {
  const answers = { complete: false };
  const { asked, stop } = rounds(answers);
  expect(asked).toEqual(['all']);
  for (const [place, minutes] of [1, 2, 4, 8, 16, 30, 30].entries()) {
    await vi.advanceTimersByTimeAsync(minutes * MINUTE - 1);
    expect(asked).toHaveLength(place + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(place + 2);
  }
  expect(new Set(asked.slice(1))).toEqual(new Set(['missed']));
  answers.complete = true;
  await vi.advanceTimersByTimeAsync(30 * MINUTE);
  const answered = asked.length;
  await vi.advanceTimersByTimeAsync(180 * MINUTE);
  expect(asked).toHaveLength(answered);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('machines that failed together do not ask again together', async () => {
  const { asked, stop } = rounds({ complete: false }, 0.5);
  await vi.advanceTimersByTimeAsync(1.25 * MINUTE - 1);
  expect(asked).toEqual(['all']);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(['all', 'missed']);
  stop();
});

test('a failure is told and does not end it', async () => {
  const { asked, failures, stop } = rounds({ complete: new Error('engine away') });
  await vi.advanceTimersByTimeAsync(3 * MINUTE);
  expect(asked).toEqual(['all', 'missed', 'missed']);
  expect(failures).toHaveLength(3);
  stop();
});

test('what could not be asked while the engine was away is asked when it is back, and only then', async () => {
  const answers = { complete: true, reachable: false };
  const { asked, engineIsBack, stop } = rounds(answers);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(asked).toEqual([]);
  answers.reachable = true;
  engineIsBack();
  expect(asked).toEqual(['all']);
  await vi.advanceTimersByTimeAsync(0);
  engineIsBack();
  expect(asked).toEqual(['all']);
  stop();
});

test('what failed because the engine went away is asked at once when it is back', async () => {
  const answers = { complete: false };
  const { asked, engineIsBack, stop } = rounds(answers);
  await vi.advanceTimersByTimeAsync(0);
  answers.complete = true;
  engineIsBack();
  expect(asked).toEqual(['all', 'missed']);
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(asked).toHaveLength(2);
  stop();
});
