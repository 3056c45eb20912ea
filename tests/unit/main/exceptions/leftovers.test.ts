import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClocks } from '../../../../main/clocks/clocks.ts';
import { findLeftovers, type KnownKeys, type LeftoversDeps, leftAt } from '../../../../main/exceptions/leftovers.ts';

const MINUTE = 60_000;
const YEARS = 10 * 365 * 24 * 60 * MINUTE;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** An engine without containers, and one create of which nobody knows what came of it. */
function scene(since: number) {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-leftovers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const keys: KnownKeys = { reserved: new Set(), undelivered: new Map([['k', since]]), unreadable: new Set() };
  const remove = vi.fn<LeftoversDeps['remove']>(async () => undefined);
  const { reconcile } = findLeftovers({
    folder,
    keys,
    remove,
    records: { delivered: () => undefined },
    engine: { container: async () => undefined, containers: async () => [], removeContainer: async () => undefined },
    engineId: () => undefined,
    record: () => undefined,
    active: () => [],
    adopt: async () => undefined,
  });
  return async () => {
    await reconcile();
    return remove.mock.calls.length;
  };
}

describe.each([
  ['ahead', YEARS],
  ['back', -YEARS],
])('a create that the engine may still work on, under a clock that is set %s', (_, jump) => {
  it('is waited for as long as under any other', async () => {
    const removed = scene(systemClocks.steady());
    vi.setSystemTime(Date.now() + jump);
    vi.advanceTimersByTime(10 * MINUTE - 1);
    expect(await removed()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(await removed()).toBe(1);
  });

  it('is waited for that long at most when an earlier run began it', async () => {
    const removed = scene(leftAt(Date.now() - jump));
    expect(await removed()).toBe(jump > 0 ? 1 : 0);
    vi.advanceTimersByTime(10 * MINUTE);
    expect(await removed()).toBeGreaterThan(0);
  });
});

it('is waited for the rest of its time when an earlier run began it some minutes ago', async () => {
  const removed = scene(leftAt(Date.now() - 4 * MINUTE));
  vi.advanceTimersByTime(6 * MINUTE - 1);
  expect(await removed()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(await removed()).toBe(1);
});
