import { afterEach, expect, it, vi } from 'vitest';
import { tellCrowded } from '../../../../main/service/crowded.ts';

afterEach(() => void vi.useRealTimers());

it('tells of a crowd at once and then once a minute, whatever becomes of the clock on the wall', () => {
  vi.useFakeTimers();
  const told = vi.fn();
  const crowded = tellCrowded(told);
  crowded('/run/docker.sock');
  vi.setSystemTime(Date.now() - 10 * 365 * 24 * 3_600_000);
  vi.advanceTimersByTime(59_999);
  crowded('/run/docker.sock');
  vi.setSystemTime(Date.now() + 20 * 365 * 24 * 3_600_000);
  crowded('/run/docker.sock');
  expect(told).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  crowded('/run/docker.sock');
  expect(told).toHaveBeenCalledTimes(2);
  expect(told.mock.calls[1]?.[0]).toMatchObject({
    what: 'alarm',
    detail: expect.stringContaining('lockkeeper.limits'),
  });
});
