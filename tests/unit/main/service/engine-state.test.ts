import { release } from 'node:os';
import { expect, test } from 'vitest';
import type { EngineInfo } from '../../../../main/engine/engine-client.ts';
import { engineState } from '../../../../main/service/engine-state.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';

/** The state of an engine that says of itself what it is told to, or is away. */
function engineThat() {
  const told: string[] = [];
  let says: EngineInfo | Error = new Error('connect ENOENT');
  const info = async () => {
    if (says instanceof Error) throw says;
    return says;
  };
  const record = (event: EventBody) => {
    if (event.type === 'lifecycle') told.push(`${event.what}: ${event.detail}`);
  };
  const state = engineState({ kind: 'socket', url: 'unix:///e', path: '/e' }, { info }, record);
  const is = async (next: Partial<EngineInfo> | Error) => {
    const basis = { id: 'A', version: '20.10', kernel: release(), system: 'Debian', store: 'overlay2' };
    says = next instanceof Error ? next : ({ ...basis, ...next } as EngineInfo);
    const asked = await state.reached().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(asked).toBe(next instanceof Error ? next : undefined);
    return told.splice(0);
  };
  return { state, is, told };
}

test('tells once that it is there, and once that it is away, with the reason', async () => {
  const { state, is, told } = engineThat();
  expect(await is(new Error('connect ENOENT'))).toEqual(['engine-unreachable: unix:///e: connect ENOENT']);
  expect(await is(new Error('connect ENOENT'))).toEqual([]);
  expect(await is({})).toEqual(['engine-reachable: unix:///e: engine 20.10 on Debian']);
  expect(await is({})).toEqual([]);
  state.lost('it ended the stream');
  expect(told.splice(0)).toEqual(['engine-unreachable: unix:///e: it ended the stream']);
  expect(state.view()).toMatchObject({ reachable: false, version: '20.10', detail: 'it ended the stream' });
});

test('says that it is another version, or another engine', async () => {
  const { state, is } = engineThat();
  await is({});
  state.lost('gone');
  const [, back] = ['', ...(await is({ version: '28.5', id: 'B' })).slice(-1)];
  expect(back).toBe(
    'engine-reachable: unix:///e: engine 28.5 (it was 20.10) on Debian; it is another engine, or has lost its data',
  );
});

test('does not take an engine for another one that got its ID anew by an upgrade', async () => {
  const key = (letter: string) => Array(12).fill(letter.repeat(4)).join(':');
  const uuid = '07253202-8f33-4fb8-a04d-c42d909e56dc';
  const ids: [string, string, boolean][] = [
    [key('A'), uuid, false],
    [key('A'), key('B'), true],
    [uuid, key('A'), true],
    [uuid, uuid.replace('0', '1'), true],
  ];
  for (const [before, after, isOther] of ids) {
    const { state, is } = engineThat();
    await is({ id: before });
    state.lost('gone');
    expect((await is({ version: '28.5', id: after })).at(-1)?.includes('another engine')).toBe(isOther);
  }
});

test('names the engine only while it answers: nobody else can say that a container is gone', async () => {
  const { state, is } = engineThat();
  expect(state.id()).toBeUndefined();
  await is({});
  expect(state.id()).toBe('A');
  state.lost('gone');
  expect(state.id()).toBeUndefined();
  await is({ id: '' });
  expect(state.id()).toBeUndefined();
});
