import { rmSync } from 'node:fs';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { mainBundle } from '../../build/main-bundle.mjs';
import { attachLab, request } from '../lab/lab.ts';
import { type Running, startLockkeeper } from './running.ts';

const lab = attachLab(inject('lab'));
const OUT = new URL('../../dist/without-decision/', import.meta.url).pathname;
let keeper: Running;

/** The product with its one decision taken out: whatever is asked passes. */
const decisionRemoved: Plugin = {
  name: 'decision-removed',
  transform(_code, id) {
    return id.endsWith('shared/decision/decide.ts') ? 'export const decide = () => ({ kind: "pass" });' : undefined;
  },
};

beforeAll(async () => {
  await build(mainBundle({ outDir: OUT, plugins: [decisionRemoved] }));
  keeper = await startLockkeeper(lab, { images: [], commands: ['push'] }, `${OUT}lockkeeper.js`);
});
afterAll(async () => {
  await keeper.stop();
  rmSync(OUT, { recursive: true, force: true });
});

// What the other tests find refused comes from the decision and from nothing else: without it, they would all fail.
describe('without the decision', () => {
  it('a container gets the raw socket', async () => {
    const body = { Image: 'alpine', HostConfig: { Binds: [`${lab.engineSocket}:/var/run/docker.sock`] } };
    await lab.dockerOutput(['pull', '-q', 'alpine']);
    const answer = await request(keeper.hostGate, '/v1.41/containers/create', { method: 'POST', body });
    expect(answer.status).toBe(201);
    const { Id } = JSON.parse(answer.body) as { Id: string };
    expect(await lab.dockerOutput(['inspect', '-f', '{{(index .Mounts 0).Source}}', Id])).toBe(lab.engineSocket);
    expect((await request(keeper.hostGate, `/v1.41/containers/${Id}/start`, { method: 'POST' })).status).toBe(204);
    await lab.dockerOutput(['rm', '-f', Id]);
  });

  it('a denied command reaches the engine', async () => {
    const path = '/v1.41/images/myimage/push?tag=latest';
    const answer = await request(keeper.standing.replace('unix://', ''), path, { method: 'POST' });
    expect(answer.body).not.toContain('enhanced container isolation');
    expect(answer.status).not.toBe(403);
  });
});
