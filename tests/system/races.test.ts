import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../lab/lab.ts';
import { type Running, startLockkeeper } from './running.ts';
import { type HeldEngine, heldEngine } from './shrink/held-engine.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
const folder = join(lab.work, 'races');
const engineSocket = join(lab.work, 'races.sock');
let engine: HeldEngine;
let keeper: Running;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  engine = await heldEngine(lab.engineSocket, engineSocket);
  keeper = await startLockkeeper({ ...lab, engineUrl: engine.url }, { images: ['docker:cli'] });
  for (const image of ['docker:cli', 'alpine']) await lab.dockerOutput(['pull', '-q', image]);
});
afterEach(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=races']);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
});
afterAll(async () => {
  await keeper.stop();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown) =>
  request(keeper.hostGate, `/v1.41/containers/${path}`, { method, body });
const create = (name: string, image: string, bind: string) =>
  ask('POST', `create?name=${name}`, {
    Image: image,
    Cmd: ['sleep', '600'],
    Labels: { test: 'races' },
    HostConfig: { Binds: [bind] },
  });

describe('a source that is another one at the start than at the create', () => {
  it.each([
    ['the engine’s socket', () => engineSocket],
    ['a folder with the engine’s socket in it', () => dirname(engineSocket)],
  ])('is refused when it leads to %s', async (_, target) => {
    const source = join(folder, 'swapped');
    mkdirSync(source);
    expect((await create('swapped', 'alpine', `${source}:/host`)).status).toBe(201);
    rmSync(source, { recursive: true });
    symlinkSync(target(), source);
    const started = await ask('POST', 'swapped/start');
    rmSync(source);
    expect([started.status, started.body]).toEqual([403, expect.stringContaining('docker socket mount denied')]);
    expect(await lab.dockerOutput(['inspect', '-f', '{{.State.Status}}', 'swapped'])).toBe('created');
    // As it was, it may start.
    mkdirSync(source);
    expect((await ask('POST', 'swapped/start')).status).toBe(204);
    await lab.dockerOutput(['rm', '-f', 'swapped']);
    rmSync(source, { recursive: true });
  });
});

describe('a container whose socket is not delivered yet', () => {
  /** Creates one and holds the engine's answer back, so that it is there and nothing of it is known. */
  async function halfDone(name: string, act: (id: string) => Promise<void>) {
    const held = engine.hold(/^POST \/v1.41\/containers\/create/);
    const created = create(name, 'docker:cli', BIND);
    const release = await held;
    await act(await lab.dockerOutput(['inspect', '-f', '{{.Id}}', name]));
    release();
    return created;
  }

  it('does not start, by name or by ID, and is delivered all the same', async () => {
    const answer = await halfDone('early', async (id) => {
      for (const name of ['early', id, id.slice(0, 12)]) {
        const started = await ask('POST', `${name}/start`);
        expect([started.status, started.body]).toEqual([403, expect.stringContaining('enhanced container isolation')]);
      }
      expect(await lab.dockerOutput(['inspect', '-f', '{{.State.Status}}', id])).toBe('created');
    });
    expect(answer.status).toBe(201);
    expect((await ask('POST', 'early/start')).status).toBe(204);
    expect(await lab.docker(['exec', 'early', 'docker', 'ps', '-q'])).toMatchObject({ code: 0 });
  });

  it('gives its folder to nobody who names it as a source', async () => {
    const answer = await halfDone('early', async (id) => {
      const source = await lab.dockerOutput(['inspect', '-f', '{{(index .Mounts 0).Source}}', id]);
      const stolen = await create('thief', 'alpine', `${source}:/stolen`);
      expect(stolen.status).toBe(403);
      const shared = await ask('POST', 'create?name=thief', {
        Image: 'alpine',
        Labels: { test: 'races' },
        HostConfig: { VolumesFrom: [id] },
      });
      expect(shared.status).toBe(403);
    });
    expect(answer.status).toBe(201);
  });
});
