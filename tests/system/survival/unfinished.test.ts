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
