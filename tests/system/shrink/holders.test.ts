import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { dial, head, json } from '../gate/raw-client.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { type HeldEngine, heldEngine } from './held-engine.ts';
import { socketOf } from './streams.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
let engine: HeldEngine;
let keeper: Running;

beforeAll(async () => {
  mkdirSync(lab.work, { recursive: true });
  engine = await heldEngine(lab.engineSocket, join(lab.work, 'held.sock'));
  keeper = await startLockkeeper({ ...lab, engineUrl: engine.url }, { images: ['docker:cli'] });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
});
afterAll(async () => {
  await keeper.stop();
  await engine.close();
});
afterEach(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=shrink']);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
});

/** A running container that holds a socket. */
const start = (image: string) =>
  lab.dockerOutput(['run', '-d', '--label', 'test=shrink', '-v', BIND, image, 'sleep', '600'], { host: keeper.url });
const inside = (container: string, ...command: string[]) => lab.docker(['exec', container, ...command]);
const list = (container: string) => inside(container, 'docker', 'ps', '-q');
const denied = (cause: string, addition: string) =>
  `enhanced container isolation: docker socket mount denied for container with image "docker.io/library/docker:cli"; ${cause}; if you wish to allow it, configure the docker socket image list in the Docker Desktop settings. (Lockkeeper: ${addition})`;

describe("a running container's socket", () => {
  it('answers 403 with the reason when its image is not listed any more, and works again when it is', async () => {
    const container = await start('docker:cli');
    const socket = socketOf(keeper, container);
    const settings = join(keeper.state, '../../admin-settings.json');
    await keeper.apply({ images: ['shrink/other'] });
    const refused = await request(socket, '/v1.41/containers/json');
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body).message).toBe(
      denied(
        'image is not in the allowed list',
        `add "docker.io/library/docker:cli" to imageList.images (${settings})`,
      ),
    );
    expect((await list(container)).stderr).toContain('image is not in the allowed list');
    expect((await request(socket, '/_ping')).status).toBe(200);
    expect((await request(socket, '/version')).status).toBe(200);
    await keeper.apply({});
    expect((await list(container)).stderr).toContain('the allowed list is empty');
    await keeper.apply({ images: ['docker:*'] });
    expect(await list(container)).toMatchObject({ code: 0 });
  });

  it('follows the pinned digest, and not what a registry says today', async () => {
    await lab.publish('shrink/tool:1', { from: 'docker:cli', files: { '/version': '1' } });
    await lab.dockerOutput(['pull', '-q', 'shrink/tool:1']);
    await keeper.apply({ images: ['shrink/tool:1'] });
    const container = await start('shrink/tool:1');
    await lab.publish('shrink/tool:1', { from: 'docker:cli', files: { '/version': '2' } });
    await keeper.apply({ images: ['shrink/tool:1'], commands: ['push'] });
    expect(await list(container)).toMatchObject({ code: 0 });
    const [, own] = (await lab.dockerOutput(['inspect', '-f', '{{index .RepoDigests 0}}', 'shrink/tool:1'])).split('@');
    await keeper.apply({ images: [`shrink/tool@sha256:${'0'.repeat(64)}`] });
    expect((await list(container)).stderr).toContain('its digest is not the pinned one');
    await keeper.apply({ images: [`shrink/tool@${own}`] });
    expect(await list(container)).toMatchObject({ code: 0 });
  });

  it('stops when derived images are switched off', async () => {
    await lab.loadLocalOnly('shrink-derived', { from: 'docker:cli', files: { '/derived': 'yes' } });
    await keeper.apply({ images: ['docker:cli'], allowDerivedImages: true });
    const container = await start('shrink-derived');
    expect(await list(container)).toMatchObject({ code: 0 });
    await keeper.apply({ images: ['docker:cli'] });
    expect((await list(container)).stderr).toContain(
      'derived from an allowed image, but derived images are not allowed',
    );
    await keeper.apply({ images: ['docker:cli'], allowDerivedImages: true });
    expect(await list(container)).toMatchObject({ code: 0 });
  });
});

describe('a policy that changes in the middle of a request', () => {
  it('undoes a create that it would not grant any more', async () => {
    await keeper.apply({ images: ['docker:cli'] });
    const held = engine.hold(/^POST \/v1.41\/containers\/create/);
    const body = { Image: 'docker:cli', Labels: { test: 'shrink' }, HostConfig: { Binds: [BIND] } };
    const create = request(keeper.hostGate, '/v1.41/containers/create?name=shrunk', { method: 'POST', body });
    const release = await held;
    await keeper.apply({ images: ['shrink/other'] });
    release();
    const { status, body: answer } = await create;
    expect(status).toBe(403);
    expect(answer).toContain('image is not in the allowed list');
    expect(await lab.dockerOutput(['ps', '-aq', '--filter', 'name=shrunk'])).toBe('');
    expect(await keeper.events()).toContainEqual(
      expect.objectContaining({ outcome: 'refused', reason: 'not-listed', operation: 'ContainerCreate' }),
    );
  });

  it('decides again what was waiting for its body', async () => {
    await keeper.apply({ images: ['docker:cli'] });
    const container = await start('docker:cli');
    const socket = keeper.standing.replace('unix://', '');
    const client = await dial(socket);
    client.send(json(`POST /v1.41/containers/${container}/exec`, { Cmd: ['touch', '/executed'] }));
    const { Id } = JSON.parse((await client.answer('POST')).body);
    const upgrade = ['Content-Type: application/json', 'Connection: Upgrade', 'Upgrade: tcp', 'Content-Length: 2'];
    client.send(`${head(`POST /v1.41/exec/${Id}/start`, ...upgrade)}{`);
    await keeper.apply({ images: ['docker:cli'], commands: ['exec'] });
    client.send('}');
    expect((await client.answer('POST')).body).toContain('is blocked');
    client.destroy();
    expect(await inside(container, 'ls', '/executed')).toMatchObject({ code: 1 });
  });
});
