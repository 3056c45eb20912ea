import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { type ApiAnswer, attachLab, request } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { type HeldEngine, heldEngine } from '../shrink/held-engine.ts';

const lab = attachLab(inject('lab'));
const body = { Image: 'docker:cli', HostConfig: { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] } };
const ENGINE = join(lab.work, 'goes.sock');
let engine: HeldEngine;
let keeper: Running;
let eventsBefore = 0;

beforeAll(async () => {
  mkdirSync(lab.work, { recursive: true });
  engine = await heldEngine(lab.engineSocket, ENGINE);
  keeper = await startLockkeeper({ ...lab, engineUrl: engine.url }, { images: ['docker:cli'] });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
});
beforeEach(async () => {
  // What is known of an image goes with the process: only a new one looks at it again.
  await keeper.restart();
  eventsBefore = (await keeper.events()).length;
});
afterAll(async () => {
  await keeper.stop();
  await engine.close();
});

const INSPECT = /^GET [^ ]*\/containers\/[0-9a-f]{64}\/json/;
/** Well below the patience that Lockkeeper has with questions, a minute. */
const AT_ONCE_MS = 30_000;

const create = (name: string): Promise<ApiAnswer | undefined> =>
  request(keeper.hostGate, `/v1.41/containers/create?name=${name}`, { method: 'POST', body }).catch(() => undefined);
const left = () => [...readdirSync(join(keeper.state, 'sockets')), ...readdirSync(join(keeper.state, 'holders'))];
const containers = async () =>
  (await lab.dockerOutput(['ps', '-a', '--format', '{{.Names}}'])).split('\n').filter((name) => /goes|look/.test(name));
const news = async () => (await keeper.events()).slice(eventsBefore);
const problems = async () => JSON.parse((await keeper.cli('status', '--json')).stdout).problems;
const comesBack = async () => {
  engine = await heldEngine(lab.engineSocket, ENGINE);
  await eventually(async () => left().length === 0 && (await containers()).length === 0, 'nothing is left');
  await eventually(async () => (await problems()).length === 0, 'nothing is wrong any more');
};

const MOMENTS = [
  ['its image is looked at', /^HEAD [^ ]*\/archive/],
  ['it is created', /^POST [^ ]*\/containers\/create\?name=goes/],
  ['its link is placed', /^PUT [^ ]*\/archive/],
] as const;

it.each(MOMENTS)('leaves nothing of a create and blames nobody when the engine goes while %s', async (when, asked) => {
  const held = engine.hold(asked);
  const answer = create('goes');
  await held;
  await engine.close();
  // What the engine was asked itself has no answer then; what Lockkeeper asked it has one.
  if (when === 'it is created') expect(await answer).toBeUndefined();
  else expect(await answer).toMatchObject({ status: 503 });
  await comesBack();
  const told = await news();
  expect(told.map(({ what }) => what)).not.toContain('internal-error');
  expect(told.map(({ detail }) => String(detail)).filter((detail) => detail.includes('no record'))).toEqual([]);
  const [decision] = told.filter(({ operation }) => operation === 'ContainerCreate');
  expect(decision).toMatchObject({ reason: when === 'it is created' ? 'abandoned' : 'engine-unreachable' });
});

it('asks an engine again that did not tell who it is', async () => {
  const refused = engine.refuse(/^GET [^ ]*\/info/);
  engine.cut();
  await refused;
  const isReachable = async () => JSON.parse((await keeper.cli('status', '--json')).stdout).engine.reachable;
  await eventually(async () => (await isReachable()) === true, 'it is reachable');
  await eventually(async () => (await news()).some(({ what }) => what === 'engine-reachable'), 'it is told');
  const unreachable = (await news()).filter(({ what }) => what === 'engine-unreachable');
  expect(unreachable.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('not now'));
});

it('ends by SIGTERM while the engine does not answer', async () => {
  const held = engine.hold(/^PUT [^ ]*\/archive/);
  const answer = create('goes');
  const release = await held;
  await keeper.kill('SIGTERM');
  expect(await answer).toBeUndefined();
  release();
  await keeper.restart();
  await eventually(async () => left().length === 0 && (await containers()).length === 0, 'nothing is left');
});

it(
  'tells the client at once when an answer of the engine breaks off',
  async () => {
    const begun = engine.breakOff(/^GET [^ ]*\/images\/[^ ]*\/json/);
    const answer = create('goes');
    (await begun)();
    expect(await answer).toMatchObject({ status: 503, body: expect.stringContaining('in the middle of an answer') });
    expect(await create('goes')).toMatchObject({ status: 201 });
    await lab.dockerOutput(['rm', 'goes']);
    await eventually(async () => left().length === 0 && (await containers()).length === 0, 'nothing is left');
  },
  AT_ONCE_MS,
);

it(
  'ends by SIGTERM in the middle of an answer of the engine',
  async () => {
    const begun = engine.breakOff(/^GET [^ ]*\/images\/[^ ]*\/json/);
    const answer = create('goes');
    await begun;
    await keeper.kill('SIGTERM');
    expect(await answer).toBeUndefined();
    await keeper.restart();
    await eventually(async () => left().length === 0 && (await containers()).length === 0, 'nothing is left');
  },
  AT_ONCE_MS,
);

it('removes the container of a look that the engine makes only when its asker is gone', async () => {
  const look = ['create', '--name', 'lockkeeper-look-late', '-v', `${join(keeper.state, 'looks')}:/m:ro`, 'docker:cli'];
  await lab.dockerOutput(look);
  await eventually(async () => (await containers()).length === 0, 'it is removed');
});

it('does not deliver what the engine answers while it ends', async () => {
  const held = engine.hold(INSPECT);
  const answer = create('goes');
  const release = await held;
  const ended = keeper.kill('SIGTERM');
  release();
  await ended;
  expect(await answer).toBeUndefined();
  await keeper.restart();
  await eventually(async () => left().length === 0 && (await containers()).length === 0, 'nothing is left');
});
