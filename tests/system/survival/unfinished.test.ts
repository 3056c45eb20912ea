import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { type HeldEngine, heldEngine } from '../shrink/held-engine.ts';

const lab = attachLab(inject('lab'));
const body = { Image: 'docker:cli', HostConfig: { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] } };
const ENGINE = join(lab.work, 'leave.sock');
let engine: HeldEngine;
let keeper: Running;

beforeAll(async () => {
  mkdirSync(lab.work, { recursive: true });
  engine = await heldEngine(lab.engineSocket, ENGINE);
  keeper = await startLockkeeper({ ...lab, engineUrl: engine.url }, { images: ['docker:cli'] });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
});
afterAll(async () => {
  await keeper.stop();
  await engine.close();
});

const left = () => readdirSync(join(keeper.state, 'sockets'));
const exists = async (name: string) => (await request(lab.engineSocket, `/containers/${name}/json`)).status === 200;

it('removes the container of a create that the engine did not answer, and has an event of it', async () => {
  const held = engine.hold(/^POST [^ ]*\/containers\/create\?name=unanswered/);
  const path = '/v1.41/containers/create?name=unanswered';
  const create = request(keeper.hostGate, path, { method: 'POST', body }).then(
    () => 'answered',
    () => 'cut',
  );
  await held;
  await eventually(() => exists('unanswered'), 'the engine has created it');
  await engine.close();
  expect(await create).toBe('cut');
  engine = await heldEngine(lab.engineSocket, ENGINE);
  await eventually(async () => !(await exists('unanswered')), 'the container is removed');
  await eventually(async () => left().length === 0, 'its folder is removed');
  const events = await keeper.events();
  expect(events.some(({ operation, reason }) => operation === 'ContainerCreate' && reason === 'abandoned')).toBe(true);
  expect(events.map(({ detail }) => detail)).toContainEqual(
    expect.stringMatching(/^container unanswered .* was removed/),
  );
});

it('takes the socket of a container away that was removed before it was delivered', async () => {
  const held = engine.hold(/^PUT [^ ]*\/archive/);
  const create = request(keeper.hostGate, '/v1.41/containers/create?name=gone-early', { method: 'POST', body });
  const release = await held;
  await request(lab.engineSocket, '/containers/gone-early?force=1', { method: 'DELETE' });
  release();
  expect((await create).status).toBe(201);
  await eventually(async () => left().length === 0, 'its folder is removed');
  expect((await keeper.status()).containerSockets).toBe(0);
});

it('looks at an image again when somebody prunes the container by which it looks', async () => {
  const wanted = { ...body, HostConfig: { Binds: ['/var/run/docker.sock:/home/user'] } };
  await keeper.restart();
  const held = engine.hold(/^HEAD [^ ]*\/archive/);
  const create = request(keeper.hostGate, '/v1.41/containers/create', { method: 'POST', body: wanted });
  const release = await held;
  const looks = await lab.dockerOutput(['ps', '-aq', '--filter', 'name=lockkeeper-look']);
  await lab.dockerOutput(['rm', looks]);
  release();
  const answer = await create;
  expect(answer.status).toBe(403);
  expect(answer.body).toContain('/home/user is a folder in the image');
});

it.each([
  ['is looked at', /^GET [^ ]*\/containers\/[0-9a-f]{64}\/json/],
  ['gets its link', /^PUT [^ ]*\/archive/],
])('tells the client when somebody removes the container before it %s', async (_when, asked) => {
  // So that the image is known, and the first question is about the container itself.
  const first = await request(keeper.hostGate, '/v1.41/containers/create?name=known', { method: 'POST', body });
  expect(first.status).toBe(201);
  await request(lab.engineSocket, '/containers/known', { method: 'DELETE' });
  const held = engine.hold(asked, 'request');
  const create = request(keeper.hostGate, '/v1.41/containers/create?name=removed', { method: 'POST', body });
  const release = await held;
  await request(lab.engineSocket, '/containers/removed?force=1', { method: 'DELETE' });
  release();
  expect(await create).toMatchObject({ status: 403 });
  await eventually(async () => left().length === 0, 'its folder is removed');
  expect((await keeper.events()).map(({ what }) => what)).not.toContain('internal-error');
});
