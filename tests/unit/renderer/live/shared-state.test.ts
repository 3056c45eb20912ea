import { expect, it, vi } from 'vitest';
import type { Connection } from '../../../../renderer/connection/connection.ts';
import { sharedState } from '../../../../renderer/live/shared-state.ts';

function connected() {
  let push: ((value: unknown) => void) | undefined;
  const ended = vi.fn();
  const subscribe = vi.fn((_name, _input, sink: { value(value: unknown): void }) => {
    push = sink.value;
    return ended;
  });
  const connection = { subscribe } as unknown as Connection;
  return { connection, subscribe, ended, push: (value: unknown) => push?.(value) };
}

it('is one subscription for all views that follow it', () => {
  const { connection, subscribe, ended, push } = connected();
  const [one, other] = [vi.fn(), vi.fn()];
  const state = sharedState(connection, 'allowList');
  const ends = [state.follow(one), sharedState(connection, 'allowList').follow(other)];
  expect(subscribe).toHaveBeenCalledTimes(1);
  push({ entries: [] });
  expect([one, other].map((changed) => changed.mock.calls.length)).toEqual([1, 1]);
  expect(state.value()).toEqual({ entries: [] });
  ends[0]?.();
  expect(ended).not.toHaveBeenCalled();
  ends[1]?.();
  expect(ended).toHaveBeenCalledTimes(1);
});

it('keeps what was told last for the next view, and begins anew with it', () => {
  const { connection, subscribe, push } = connected();
  const state = sharedState(connection, 'status');
  expect(state.value()).toBeUndefined();
  state.follow(() => undefined)();
  push('first');
  expect(sharedState(connection, 'status').value()).toBe('first');
  state.follow(() => undefined);
  expect(subscribe).toHaveBeenCalledTimes(2);
});
