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
/** Waits for an alarm that names the container, in words that match. */
const alarm = (name: string, words = /./) =>
  eventually(
    async () =>
      (await keeper.events()).some(
        ({ what, detail }) => what === 'alarm' && String(detail).includes(name) && words.test(String(detail)),
      ),
    `an alarm of ${name}`,
  );
const KILLED = /was started with a way to the engine that is not filtered: .*; it was killed$/;
const isRunning = async (name: string) =>
  (await lab.dockerOutput(['inspect', '-f', '{{.State.Running}}', name])) === 'true';

it('tells of a container that somebody started with the socket, or with a folder above it, around Lockkeeper', async () => {
  await run('raw', `${lab.engineSocket}:/s`);
  await alarm('raw');
  await run('above', `${dirname(lab.engineSocket)}:/d`);
  await alarm('above');
  expect(await isRunning('raw')).toBe(true);
  await run('ordinary', `${folder}:/f`);
  await run('last', `${lab.engineSocket}:/s`);
  await alarm('last');
  expect(JSON.stringify(await keeper.events())).not.toContain('ordinary');
});

it('kills it where the host gate refuses what leads out', async () => {
  await keeper.apply({ images: ['docker:cli'], lockkeeper: { hostGate: { hostEscape: 'deny' } } });
  await run('denied', `${lab.engineSocket}:/s`);
  await alarm('"denied"', KILLED);
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
  await alarm('"victim"', KILLED);
  await eventually(async () => !(await isRunning('victim')), 'it is killed');
});

it('kills what was created through a filtered socket, where a source leads out of what may be bound since', async () => {
  const work = join(folder, 'work');
  const source = join(work, 'moved');
  mkdirSync(source, { recursive: true });
  const host = `unix://${await startHolder(lab, keeper, 'mover', '-v', `${work}:/f`)}`;
  const create = [
    'create',
    '--label',
    'test=escapes',
    '-v',
    `${source}:/s`,
    '-v',
    `${work}:/w`,
    'alpine',
    'sleep',
    '600',
  ];
  const [honest, moved] = [await lab.dockerOutput(create, { host }), await lab.dockerOutput(create, { host })];
  await lab.dockerOutput(['start', honest]);
  rmSync(source, { recursive: true });
  symlinkSync('/etc', source);
  await lab.dockerOutput(['start', moved]);
  const words = /was started with \/etc, mounted at \/s, which its creator may not bind; it was killed$/;
  await eventually(async () => (await keeper.events()).some(({ detail }) => words.test(String(detail))), 'an alarm');
  await eventually(async () => !(await isRunning(moved)), 'it is killed');
  expect(await isRunning(honest)).toBe(true);
});

it('kills nothing where nothing is enforced', async () => {
  const lockkeeper = { hostGate: { hostEscape: 'deny' } };
  await keeper.apply({ images: ['docker:cli'], value: false, lockkeeper });
  await run('free', `${lab.engineSocket}:/s`);
  await keeper.apply({ images: ['docker:cli'], lockkeeper });
  await run('not-free', `${lab.engineSocket}:/s`);
  await alarm('"not-free"', KILLED);
  expect(await isRunning('free')).toBe(true);
});
