import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, PODMAN, startLab } from '../lab/lab.ts';
import { outsideOf } from '../lab/podman.ts';
import { request } from '../lab/request.ts';
import { eventually, type Running, startLockkeeper } from '../system/running.ts';

const SOCKET = '/var/run/docker.sock';
const OWN = '/v4.3.1/libpod';

describe.runIf(PODMAN.available)(`${PODMAN.title} behind Lockkeeper`, () => {
  let lab: Lab;
  let keeper: Running;
  let pinned: string;
  const mounting = (...args: readonly string[]) => ['run', '-v', `${SOCKET}:${SOCKET}`, ...args];
  const through = (args: readonly string[]) => lab.docker(args, { host: keeper.url });
  const holders = async () => (await keeper.status()).containerSockets;

  beforeAll(async () => {
    lab = await startLab({ name: 'podman', release: PODMAN });
    await lab.dockerOutput(['pull', '-q', 'docker:cli']);
    pinned = await lab.dockerOutput(['image', 'inspect', '-f', '{{index .RepoDigests 0}}', 'docker:cli']);
    keeper = await startLockkeeper(lab, { images: [pinned], commands: ['push'] });
  });
  afterAll(async () => {
    await keeper?.stop();
    await lab?.stop();
  });

  test('is Podman, and runs containers', async () => {
    const { Components } = JSON.parse((await request(lab.engineSocket, '/version')).body);
    expect(Components[0]).toMatchObject({ Name: 'Podman Engine', Version: expect.stringMatching(/^4\.3\./) });
    expect(await lab.dockerOutput(['run', '--rm', 'alpine', 'echo', 'hello'])).toBe('hello');
  });

  test('an image that is listed by its digest gets a filtered socket, which goes with the container', async () => {
    const made = await through(mounting('--name', 'holder', '-d', 'docker:cli', 'sleep', '600'));
    expect(made.stderr).toBe('');
    const inside = (...args: readonly string[]) => lab.docker(['exec', 'holder', 'docker', ...args]);
    expect((await inside('ps', '--format', '{{.Names}}')).stdout).toBe('holder\n');
    expect((await inside('push', 'alpine')).stderr).toContain('(Lockkeeper: deny "push"');
    expect((await inside('run', '--privileged', 'alpine')).stderr).toContain(
      '"privileged" in lockkeeper.containerSockets',
    );
    await keeper.restart();
    expect((await inside('ps', '--format', '{{.Names}}')).stdout).toBe('holder\n');
    expect(await holders()).toBe(1);
    await lab.dockerOutput(['rm', '-f', 'holder']);
    await eventually(async () => (await holders()) === 0, 'the record goes with the container');
  });

  test('a tag is not confirmed, since Podman asks no registry; the message says what to do', async () => {
    await keeper.apply({ images: ['docker:cli'] });
    const { stderr } = await through(mounting('--rm', 'docker:cli', 'docker', 'ps'));
    expect(stderr).toContain('the engine does not answer GET /distribution');
    expect(stderr).toContain('list the image by its digest (lockkeeper pin)');
    const pin = await keeper.cli('pin', 'docker:cli');
    expect(pin.stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    await keeper.apply({ lockkeeper: { localImages: [pin.stdout.trim()] } });
    expect((await through(mounting('--rm', 'docker:cli', 'docker', 'ps', '-q'))).stdout).toMatch(/^[0-9a-f]{12}\n$/);
    await keeper.apply({ images: [pinned], commands: ['push'] });
  });

  test("Podman's own API can be read through the host gate, and nothing can be changed by it", async () => {
    const info = await request(keeper.hostGate, `${OWN}/info`);
    expect(JSON.parse(info.body)).toHaveProperty('host');
    const body = JSON.stringify({ name: 'own', image: 'docker:cli' });
    const refused = await request(keeper.hostGate, `${OWN}/containers/create`, { method: 'POST', body });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body).message).toContain("(Lockkeeper: through Podman's own API nothing is created");
    expect((await request(lab.engineSocket, '/containers/own/json')).status).toBe(404);
    expect((await keeper.events()).at(-1)).toMatchObject({ reason: 'podman-api' });
  });

  test('a build goes on through the host gate, and its event tells of it', async () => {
    const built = await lab.docker(['build', '-q', '-t', 'built', '-'], {
      ...{ host: keeper.url, env: { DOCKER_BUILDKIT: '0' }, stdin: 'FROM alpine\nRUN true\n' },
    });
    expect(built.stderr).not.toContain('Lockkeeper');
    const told = (await keeper.events()).filter((event) => JSON.stringify(event).includes('podman-build'));
    expect(told).toHaveLength(1);
  });

  test('nothing of it is left', async () => {
    await lab.dockerOutput(['run', '-d', 'alpine', 'sleep', '600']);
    const { cgroups, namespaces } = outsideOf(lab.folder);
    const trees = readdirSync('/sys/fs/cgroup').flatMap((tree) =>
      cgroups.map((path) => join('/sys/fs/cgroup', tree, path)),
    );
    expect(trees.some((path) => existsSync(path))).toBe(true);
    expect(namespaces.some((path) => existsSync(path))).toBe(true);
    await keeper.stop();
    await lab.stop();
    expect([lab.folder, ...trees, ...namespaces].filter((path) => existsSync(path))).toEqual([]);
  });
});
