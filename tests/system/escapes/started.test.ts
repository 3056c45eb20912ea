import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { removeHolders, startHolder } from './holder.ts';

/** Containers that come up with the engine's socket although nothing that asked for it went through Lockkeeper. */
const lab = attachLab(inject('lab'));
const folder = join(lab.work, 'started');
let keeper: Running;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  for (const image of ['docker:cli', 'alpine']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
});
afterAll(async () => {
  await removeHolders(lab);
  await keeper.stop();
});

const run = (name: string, bind: string) =>
  lab.dockerOutput(['run', '-d', '--name', name, '--label', 'test=escapes', '-v', bind, 'alpine', 'sleep', '600']);
const alarmOf = async (name: string) => {
  const of = async () =>
    (await keeper.events()).find(({ what, detail }) => what === 'alarm' && String(detail).includes(`"${name}"`));
  await eventually(async () => (await of()) !== undefined, `an alarm of ${name}`);
  return String((await of())?.detail);
};
const isRunning = async (name: string) =>
  (await lab.dockerOutput(['inspect', '-f', '{{.State.Running}}', name])) === 'true';

it('tells of a container that somebody started with the socket, or with a folder above it, around Lockkeeper', async () => {
  await run('raw', `${lab.engineSocket}:/s`);
  expect(await alarmOf('raw')).toBe(
    `container "raw" of alpine was started with a way to the engine that is not filtered: ${lab.engineSocket}, at or below /s; remove it with docker rm -f raw`,
  );
  await run('above', `${dirname(lab.engineSocket)}:/d`);
  expect(await alarmOf('above')).toContain('at or below /d');
  expect(await isRunning('raw')).toBe(true);
  await run('ordinary', `${folder}:/f`);
  await run('last', `${lab.engineSocket}:/s`);
  await alarmOf('last');
  expect(JSON.stringify(await keeper.events())).not.toContain('ordinary');
});

it('kills it where the host gate refuses what leads out', async () => {
  await keeper.apply({ images: ['docker:cli'], lockkeeper: { hostGate: { hostEscape: 'deny' } } });
  await run('denied', `${lab.engineSocket}:/s`);
  expect(await alarmOf('denied')).toMatch(/; it was killed$/);
  await eventually(async () => !(await isRunning('denied')), 'it is killed');
  await keeper.apply({ images: ['docker:cli'] });
});

it('kills what was created through a filtered socket, where a source has become a link to the socket since', async () => {
  const source = join(folder, 'swapped');
  mkdirSync(source);
  const socket = await startHolder(lab, keeper, 'swapper', '-v', `${folder}:/f`);
  const host = `unix://${socket}`;
  const create = [
    'create',
    '--name',
    'victim',
    '--label',
    'test=escapes',
    '-v',
    `${source}:/s`,
    'alpine',
    'sleep',
    '600',
  ];
  await lab.dockerOutput(create, { host });
  rmSync(source, { recursive: true });
  symlinkSync(dirname(lab.engineSocket), source);
  const start = await lab.docker(['start', 'victim'], { host });
  expect(start.stderr).toContain('a way to the engine that is not filtered');
  // As the engine does by itself when it restarts.
  await lab.dockerOutput(['start', 'victim']);
  expect(await alarmOf('victim')).toMatch(/; it was killed$/);
  await eventually(async () => !(await isRunning('victim')), 'it is killed');
});

it('keeps silent where nothing is enforced', async () => {
  await keeper.apply({ images: ['docker:cli'], value: false });
  await run('free', `${lab.engineSocket}:/s`);
  await keeper.apply({ images: ['docker:cli'] });
  await run('told', `${lab.engineSocket}:/s`);
  await alarmOf('told');
  expect(JSON.stringify(await keeper.events())).not.toContain('"free');
});
