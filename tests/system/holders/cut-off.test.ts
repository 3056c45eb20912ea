import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { dial, head, json } from '../gate/raw-client.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { type HeldEngine, heldEngine } from '../shrink/held-engine.ts';
import { beginAll, endAll, openOf, type Stream, socketOf } from '../shrink/streams.ts';
import { type Watching, watchContainers } from './watching.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
/** Ends when it is told to, and then again only when it is told again. */
const UNTIL_TOLD = 'until [ -e /end ]; do sleep 0.1; done; rm /end';
let engine: HeldEngine;
let keeper: Running;
let watching: Watching;
let container: string;
let socket: string;

beforeAll(async () => {
  mkdirSync(lab.work, { recursive: true });
  engine = await heldEngine(lab.engineSocket, join(lab.work, 'held-for-cuts.sock'));
  keeper = await startLockkeeper({ ...lab, engineUrl: engine.url }, { images: ['docker:cli'] });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
});
afterAll(async () => {
  await keeper.stop();
  await engine.close();
});
beforeEach(async () => {
  watching = await watchContainers(keeper);
  container = await run('--restart', 'always', 'docker:cli', 'sh', '-c', UNTIL_TOLD);
  socket = socketOf(keeper, container);
});
afterEach(async () => {
  watching.close();
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=cut-off']);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
});

const run = (...args: string[]) =>
  lab.dockerOutput(['run', '-di', '--label', 'test=cut-off', '-v', BIND, ...args], { host: keeper.url });
const list = () => request(socket, '/v1.41/containers/json');
const startedAt = (id: string) => lab.dockerOutput(['inspect', '-f', '{{.State.StartedAt}}', id]);

async function cutOff(): Promise<string> {
  const { key } = await watching.holder(container);
  expect(await watching.ask('cutOff', { key })).toMatchObject({ ok: true });
  expect((await list()).status).toBe(403);
  return key;
}

describe('a container that is cut off', () => {
  let streams: Readonly<Record<string, Stream>>[] = [];
  afterEach(() => {
    for (const some of streams) endAll(some);
  });

  it('is refused at once, its streams end, and nobody else notices', async () => {
    const other = await run('docker:cli', 'cat');
    streams = await Promise.all(
      [socket, socketOf(keeper, other), keeper.hostGate].map((path) => beginAll(path, container)),
    );
    const all = openOf(streams[0] ?? {});
    await cutOff();
    await eventually(async () => openOf(streams[0] ?? {}).length === 0, 'its streams have ended');
    expect(streams.slice(1).map((some) => openOf(some))).toEqual([all, all]);
    const refused = await list();
    expect(JSON.parse(refused.body).message).toMatch(
      new RegExp(
        `^lockkeeper: this container was cut off from Docker at \\S+Z, .*restart it from the host: docker restart ${container.slice(0, 12)}$`,
      ),
    );
    expect((await request(socket, '/_ping')).status).toBe(200);
    expect((await request(socketOf(keeper, other), '/v1.41/containers/json')).status).toBe(200);
    const events = await keeper.events();
    expect(events.filter(({ ended }) => ended === true)).toHaveLength(all.length);
    expect(events).toContainEqual(
      expect.objectContaining({ reason: 'cut-off', ended: true, operation: 'SystemEvents' }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'socket', change: 'cut-off', containerId: container }),
    );
  });

  it('is told as that everywhere, and gets its socket back by the undo', async () => {
    const key = await cutOff();
    const { cutOffSince, refused } = await watching.holder(container, (holder) => holder.cutOffSince !== undefined);
    expect(Date.parse(cutOffSince ?? '')).toBeLessThanOrEqual(Date.now());
    expect(refused).toBeGreaterThan(0);
    expect((await keeper.cli('status')).stdout).toContain(`cut off since ${cutOffSince}`);
    const body = join(lab.work, 'cut-off.json');
    writeFileSync(body, '{}');
    const check = await keeper.cli('check', '--create', body, '--from', 'container', container);
    expect(check).toMatchObject({ code: 5, stdout: expect.stringContaining('was cut off from Docker') });
    expect(await watching.ask('giveBack', { key })).toMatchObject({ ok: true });
    expect((await list()).status).toBe(200);
    expect(await watching.holder(container, (holder) => holder.cutOffSince === undefined)).toMatchObject({ key });
  });

  it('stays so while nothing is enforced', async () => {
    await cutOff();
    await keeper.apply({ images: ['docker:cli'], value: false });
    expect((await list()).status).toBe(403);
    await keeper.apply({ images: ['docker:cli'] });
    expect((await list()).status).toBe(403);
  });

  it('stays so across the end of Lockkeeper, and of itself', async () => {
    await cutOff();
    await keeper.restart();
    expect((await list()).status).toBe(403);
    const before = await startedAt(container);
    await lab.dockerOutput(['exec', container, 'touch', '/end']);
    await eventually(async () => (await startedAt(container)) !== before, 'its restart policy has started it again');
    expect((await list()).status).toBe(403);
    await lab.dockerOutput(['rm', '-f', container]);
    await eventually(
      async () => !readdirSync(join(keeper.state, 'holders')).some((name) => name.endsWith('.cut-off')),
      'nothing of it is left',
    );
  });
});

describe('what a container has begun when it is cut off', () => {
  it('is refused when its body was still to come', async () => {
    const client = await dial(socket);
    client.send(json(`POST /v1.41/containers/${container}/exec`, { Cmd: ['touch', '/executed'] }));
    const { Id } = JSON.parse((await client.answer('POST')).body);
    const upgrade = ['Content-Type: application/json', 'Connection: Upgrade', 'Upgrade: tcp', 'Content-Length: 2'];
    client.send(`${head(`POST /v1.41/exec/${Id}/start`, ...upgrade)}{`);
    const isStart = ({ path }: { readonly path?: unknown }) => String(path).includes(Id);
    await eventually(async () => (await keeper.events()).some(isStart), 'the request is decided');
    await cutOff();
    client.send('}');
    expect((await client.answer('POST')).body).toContain('was cut off from Docker');
    client.destroy();
    expect(await lab.docker(['exec', container, 'ls', '/executed'])).toMatchObject({ code: 1 });
  });

  it('is undone when it was a container that is to have a socket', async () => {
    const held = engine.hold(/^POST \/v1.41\/containers\/create/);
    const body = { Image: 'docker:cli', Labels: { test: 'cut-off' }, HostConfig: { Binds: [BIND] } };
    const create = request(socket, '/v1.41/containers/create?name=cut-child', { method: 'POST', body });
    const release = await held;
    await cutOff();
    release();
    const { status, body: answer } = await create;
    expect(status).toBe(403);
    expect(answer).toContain('was cut off from Docker');
    expect(await lab.dockerOutput(['ps', '-aq', '--filter', 'name=cut-child'])).toBe('');
  });
});

describe('a start from the host', () => {
  it('gives the socket back with a restart', async () => {
    await cutOff();
    await lab.dockerOutput(['restart', '-t', '0', container], { host: keeper.url });
    expect((await list()).status).toBe(200);
    const events = await keeper.events();
    expect(events).toContainEqual(expect.objectContaining({ change: 'given-back', containerId: container }));
  });

  it('gives it back before the first thing that the container asks', async () => {
    await lab.dockerOutput(['rm', '-f', container]);
    container = await run('--name', 'once', 'docker:cli', 'sh', '-c', 'docker ps -q');
    await lab.dockerOutput(['wait', container]);
    await cutOffStopped();
    const started = await lab.docker(['start', '-a', container], { host: keeper.url });
    expect(started).toMatchObject({ code: 0, stderr: '' });
  });

  it('that changes nothing leaves it cut off, as does one that comes another way', async () => {
    await cutOff();
    expect(await lab.docker(['start', container], { host: keeper.url })).toMatchObject({ code: 0 });
    expect((await list()).status).toBe(403);
    for (const host of [keeper.standing, lab.engineUrl]) {
      await lab.dockerOutput(['restart', '-t', '0', container], { host });
      expect((await list()).status).toBe(403);
    }
  });
});

/** Its socket is there, though nobody uses it. */
async function cutOffStopped(): Promise<void> {
  socket = socketOf(keeper, container);
  const { key } = await watching.holder(container, ({ isRunning }) => !isRunning);
  expect(await watching.ask('cutOff', { key })).toMatchObject({ ok: true });
}

it('is said of a socket that is gone', async () => {
  expect(await watching.ask('cutOff', { key: '0'.repeat(16) })).toMatchObject({
    ok: false,
    error: { name: 'invalid-request', message: expect.stringContaining('removed meanwhile') },
  });
});
