import { mkdirSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { type HeldEngine, heldEngine } from '../shrink/held-engine.ts';

const lab = attachLab(inject('lab'));
const body = { Image: 'docker:cli', HostConfig: { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] } };
let engine: HeldEngine;
let keeper: Running;

beforeAll(async () => {
  mkdirSync(lab.work, { recursive: true });
  engine = await heldEngine(lab.engineSocket, join(lab.work, 'leave.sock'));
  keeper = await startLockkeeper({ ...lab, engineUrl: engine.url }, { images: ['docker:cli'] });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
});
afterAll(async () => {
  await keeper.stop();
  await engine.close();
});

const left = () => readdirSync(join(keeper.state, 'sockets'));
const exists = async (name: string) => (await request(lab.engineSocket, `/containers/${name}/json`)).status === 200;

it('removes the container of a create whose client left before the engine answered, and has an event of it', async () => {
  const held = engine.hold(/^POST [^ ]*\/containers\/create\?name=left-early/);
  const client = httpRequest({
    socketPath: keeper.hostGate,
    path: '/v1.41/containers/create?name=left-early',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  client.on('error', () => undefined);
  client.end(JSON.stringify(body));
  await held;
  await eventually(() => exists('left-early'), 'the engine has created it');
  client.destroy();
  await eventually(async () => !(await exists('left-early')), 'the container is removed');
  await eventually(async () => left().length === 0, 'its folder is removed');
  const events = await keeper.events();
  expect(events.some(({ operation, reason }) => operation === 'ContainerCreate' && reason === 'abandoned')).toBe(true);
  expect(events.some(({ what }) => what === 'internal-error')).toBe(false);
});

it('takes the socket of a container away that was removed before it was delivered', async () => {
  const held = engine.hold(/^PUT [^ ]*\/archive/);
  const create = request(keeper.hostGate, '/v1.41/containers/create?name=gone-early', { method: 'POST', body });
  const release = await held;
  await request(lab.engineSocket, '/containers/gone-early?force=1', { method: 'DELETE' });
  release();
  expect((await create).status).toBe(201);
  await eventually(async () => left().length === 0, 'its folder is removed');
  expect(JSON.parse((await keeper.cli('status', '--json')).stdout).containerSockets).toBe(0);
});
