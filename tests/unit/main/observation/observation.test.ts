import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openObservation } from '../../../../main/observation/observation.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { listing, type Machine, machine, nextState, put, settingsText } from '../settings/settings-folder.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-05-01T12:00:00.000Z');

let here: Machine;
let file: string;
let events: EventBody[];
/** The time on the wall, and what no hand can set back. */
let now: { wall: number; steady: number };

beforeEach(() => {
  here = machine();
  mkdirSync(here.stateFolder, { mode: 0o700 });
  file = join(here.stateFolder, 'observing.json');
  events = [];
  now = { wall: NOON, steady: 0 };
});

/** The file as it is kept for five minutes from now, but for what is given. */
function keptAs(given: object): string {
  const times = { begun: '2026-05-01T12:00:00.000Z', until: '2026-05-01T12:05:00.000Z' };
  return JSON.stringify({ version: 1, ...times, ...given });
}

async function open() {
  const policy = await here.open();
  const clocks = { wall: () => now.wall, steady: () => now.steady };
  const record = (event: EventBody) => events.push(event);
  const observation = await openObservation({ policy, stateFolder: here.stateFolder, record, clocks });
  onTestFinished(() => observation.close());
  return observation;
}
const pass = (minutes: number) => {
  now = { wall: now.wall + minutes * MINUTE, steady: now.steady + minutes * MINUTE };
};
const until = (state: PolicyState) => (state.kind === 'effective' ? state.observingUntil : undefined);
const told = () => events.map((event) => (event.type === 'lifecycle' ? event.what : event.type));

describe('observing for a while', () => {
  it('is a change of the policy, which whoever follows it is told of', async () => {
    const { policy, begin, end } = await open();
    const before = policy.state();
    const heard = vi.fn();
    policy.onChange(heard);
    expect(await begin(5)).toEqual({ ok: true, value: { isObserving: true, until: '2026-05-01T12:05:00.000Z' } });
    expect(policy.state()).toMatchObject({ observingUntil: '2026-05-01T12:05:00.000Z' });
    expect(policy.state().generation).toBeGreaterThan(before.generation);
    expect(policy.state()).toBe(policy.state());
    expect(await end()).toEqual({ ok: true, value: { isObserving: false } });
    expect(heard.mock.calls.map(([state]) => until(state))).toEqual(['2026-05-01T12:05:00.000Z', undefined]);
    expect(told()).toEqual(['observing-begun', 'observing-ended']);
    expect(readdirSync(here.stateFolder)).not.toContain('observing.json');
  });

  it('ends at its time, without waiting for a timer', async () => {
    const { policy, begin } = await open();
    await begin(5);
    pass(4.9);
    expect(until(policy.state())).toBeDefined();
    pass(0.1);
    expect(until(policy.state())).toBeUndefined();
    expect(told()).toEqual(['observing-begun', 'observing-ended']);
  });

  it.each(['wall', 'steady'] as const)('ends by the %s clock alone', async (clock) => {
    const { policy, begin } = await open();
    await begin(5);
    now[clock] += 5 * MINUTE;
    expect(until(policy.state())).toBeUndefined();
  });

  it('ends by itself', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { policy, begin } = await open();
    const heard = vi.fn();
    policy.onChange(heard);
    await begin(5);
    pass(5);
    vi.advanceTimersByTime(5 * MINUTE);
    expect(heard.mock.calls.map(([state]) => until(state))).toEqual(['2026-05-01T12:05:00.000Z', undefined]);
  });

  it('begins anew when it is asked for again, also for a shorter time', async () => {
    const { policy, begin } = await open();
    await begin(60);
    await begin(5);
    expect(until(policy.state())).toBe('2026-05-01T12:05:00.000Z');
    pass(5);
    expect(until(policy.state())).toBeUndefined();
  });

  it('goes on after a restart until the time that was said, and no longer', async () => {
    (await (await open()).begin(15)).ok;
    pass(10);
    const again = await open();
    expect(until(again.policy.state())).toBe('2026-05-01T12:15:00.000Z');
    pass(5);
    expect(until(again.policy.state())).toBeUndefined();
    const third = await open();
    expect(until(third.policy.state())).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  it('is over after a restart that comes after its time', async () => {
    await (await open()).begin(5);
    pass(6);
    expect(until((await open()).policy.state())).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['ten years', 10 * 365 * 24 * 60],
    ['an hour', 60],
    ['some minutes', 3],
  ])('does not go on after a restart under a clock that was set back by %s', async (_, minutes) => {
    await (await open()).begin(15);
    now.wall -= minutes * MINUTE;
    expect(until((await open()).policy.state())).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  it('does not go on when its file says so for longer than an hour', async () => {
    writeFileSync(file, keptAs({ begun: '2026-05-01T11:59:00.000Z', until: '2026-05-01T13:00:00.000Z' }));
    expect(until((await open()).policy.state())).toBeUndefined();
    writeFileSync(file, keptAs({ begun: '2026-05-01T12:00:00.000Z', until: '2026-05-01T13:00:00.000Z' }));
    expect(until((await open()).policy.state())).toBe('2026-05-01T13:00:00.000Z');
  });

  it.each([
    ['half a file', '{"version": 1, "unti'],
    ['another version', keptAs({ version: 2 })],
    ['no time', keptAs({ until: 'tomorrow' })],
    ['no beginning', keptAs({ begun: undefined })],
    ['a key too many', keptAs({ x: 1 })],
  ])('does not follow from %s', async (_, text) => {
    writeFileSync(file, text);
    expect(until((await open()).policy.state())).toBeUndefined();
  });

  it('does not follow from a link', async () => {
    const elsewhere = join(here.stateFolder, 'x');
    writeFileSync(elsewhere, keptAs({}));
    symlinkSync(elsewhere, file);
    expect(until((await open()).policy.state())).toBeUndefined();
  });
});

describe('observing is refused', () => {
  it('where the policy is locked, and ends when it becomes so', async () => {
    const { policy, begin, close } = await open();
    await begin(5);
    const locked = nextState(policy, (state) => state.kind === 'effective' && state.policy.lockedBy !== undefined);
    put(here.admin, listing('docker:cli', true));
    expect(until(await locked)).toBeUndefined();
    expect(told()).toEqual(['observing-begun', 'observing-ended']);
    expect(await begin(5)).toMatchObject({
      ok: false,
      error: { name: 'policy-locked', message: expect.stringContaining(here.admin) },
    });
    await close();
    expect(existsSync(file)).toBe(false);
  });

  it('where the policy is locked after a restart', async () => {
    await (await open()).begin(15);
    put(here.admin, listing('docker:cli', true));
    expect(until((await open()).policy.state())).toBeUndefined();
    expect(existsSync(file)).toBe(false);
  });

  it('where there is no policy', async () => {
    put(here.admin, '{');
    expect(await (await open()).begin(5)).toMatchObject({ ok: false, error: { name: 'settings-unusable' } });
  });

  it('where the policy observes by itself, or is not enforced', async () => {
    put(here.admin, '{"lockkeeper": {"mode": "observe"}}');
    expect(await (await open()).begin(5)).toMatchObject({
      ok: false,
      error: { name: 'unavailable', message: expect.stringContaining(`lockkeeper.mode in ${here.admin}`) },
    });
    put(here.admin, settingsText({ value: false }));
    expect(await (await open()).begin(5)).toMatchObject({ ok: false, error: { name: 'unavailable' } });
  });

  it('where it cannot be kept: a restart must know of it', async () => {
    const { policy, begin } = await open();
    mkdirSync(join(dirname(file), 'observing.json.new'));
    mkdirSync(join(file, 'x'), { recursive: true });
    expect(await begin(5)).toMatchObject({ ok: false, error: { name: 'not-written' } });
    expect(until(policy.state())).toBeUndefined();
    expect(events).toEqual([]);
  });
});

it('is kept as a file that is only ours to read', async () => {
  await (await open()).begin(5);
  expect(readFileSync(file, 'utf8')).toBe(`${keptAs({})}\n`);
});
