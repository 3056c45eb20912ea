import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { type Watching, watchContainers } from './watching.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
let keeper: Running;
let watching: Watching;

beforeAll(async () => {
  for (const image of ['docker:cli', 'busybox']) await lab.dockerOutput(['pull', '-q', image]);
  // Created before Lockkeeper, and never seen by it.
  await around('create', '--name', 'before', '-v', `${lab.engineSocket}:/var/run/docker.sock`, 'busybox');
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
});
afterAll(async () => {
  await clean();
  await keeper.stop();
});
beforeEach(async () => {
  watching = await watchContainers(keeper);
});
afterEach(() => watching.close());

const around = (command: string, ...args: string[]) => lab.dockerOutput([command, '--label', 'test=raw', ...args]);
const clean = async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=raw']);
  if (ids !== '') await lab.dockerOutput(['rm', '-fv', ...ids.split(/\s+/)]);
};
const raw = (name: string, isRunning = true) =>
  watching
    .until(
      (containers) => containers.raw.some((one) => one.name === name && one.isRunning === isRunning),
      `${name} is listed as past Lockkeeper`,
    )
    .then((containers) => containers.raw.find((one) => one.name === name));

describe('a container that was created before Lockkeeper ran', () => {
  it('is found, though it does not run, and does not start through Lockkeeper', async () => {
    expect(await raw('before', false)).toMatchObject({ image: 'busybox', source: lab.engineSocket });
    const start = await lab.docker(['start', 'before'], { host: keeper.url });
    expect(start.stderr).toContain('created with a way to the engine that is not filtered');
    const status = JSON.parse((await keeper.cli('status', '--json')).stdout);
    expect(status).toMatchObject({ rawHolders: { running: 0, stopped: 1 }, problems: [] });
  });
});

describe('a container that is created around Lockkeeper', () => {
  it('is found as it comes, by what leads it to the engine, and gone as it goes', async () => {
    const folder = join(lab.work, 'raw-folder');
    mkdirSync(folder, { recursive: true });
    await lab.dockerOutput([
      'volume',
      'create',
      '-o',
      'type=none',
      '-o',
      'o=bind',
      '-o',
      `device=${lab.folder}`,
      'lead',
    ]);
    await around('run', '-d', '--name', 'by-socket', '-v', `${lab.engineSocket}:/x.sock`, 'busybox', 'sleep', '600');
    await around('run', '-d', '--name', 'by-folder', '-v', `${lab.folder}:/host:ro`, 'busybox', 'sleep', '600');
    await around('run', '-d', '--name', 'by-volume', '-v', 'lead:/host', 'busybox', 'sleep', '600');
    await around('run', '-d', '--name', 'ordinary', '-v', `${folder}:/data`, 'busybox', 'sleep', '600');
    expect(await raw('by-socket')).toMatchObject({ source: lab.engineSocket });
    expect(await raw('by-folder')).toMatchObject({ source: lab.folder, leadsTo: lab.engineSocket });
    expect(await raw('by-volume')).toMatchObject({
      source: `${lab.folder} (volume "lead")`,
      leadsTo: lab.engineSocket,
    });
    const { raw: all } = await watching.until(() => true, 'anything');
    expect(all.map(({ name }) => name)).not.toContain('ordinary');

    const status = (await keeper.cli('status')).stdout.split('\n');
    expect(status[1]).toMatch(
      /^! 3 containers hold the engine's own socket, past Lockkeeper: .*by-socket \(busybox, by /,
    );
    expect(status[2]).toMatch(/^ {2}-> docker rm -f .*by-socket.*, and create them again through Lockkeeper$/);
    const alarms = (await keeper.events()).filter(({ what }) => what === 'alarm');
    expect(JSON.stringify(alarms)).toContain('by-volume (busybox, by ');

    await lab.dockerOutput(['rename', 'by-folder', 'other-name']);
    await raw('other-name');
    await lab.dockerOutput(['kill', 'by-socket']);
    await raw('by-socket', false);
    await lab.dockerOutput(['rm', '-f', 'by-socket', 'other-name', 'by-volume']);
    await watching.until(({ raw: left }) => left.every(({ name }) => name === 'before'), 'they are gone');
    await lab.dockerOutput(['volume', 'rm', 'lead']);
  });
});

describe('a container that is created through Lockkeeper', () => {
  it('is never taken for one that is past it, and is listed with its entry and since when', async () => {
    const began = Date.now();
    const args = ['run', '-d', '--label', 'test=raw', '--name', 'through', '-v', BIND, 'docker:cli', 'sleep', '600'];
    const id = await lab.dockerOutput(args, { host: keeper.url });
    const holder = await watching.holder(id, ({ isRunning }) => isRunning);
    expect(holder).toMatchObject({ name: 'through', entry: 'docker:cli', needsRestart: false, requests: 0 });
    expect(Date.parse(holder.since ?? '')).toBeGreaterThanOrEqual(began);
    await lab.dockerOutput(['exec', id, 'docker', 'ps', '-q']);
    await watching.holder(id, ({ requests }) => requests >= 2);
    const alarms = (await keeper.events()).filter(({ what }) => what === 'alarm');
    expect(JSON.stringify(alarms)).not.toContain('through (');
    await keeper.apply({ images: ['busybox'] });
    expect(await watching.holder(id, ({ refusedBecause }) => refusedBecause !== undefined)).toMatchObject({
      refusedBecause: expect.stringContaining('image is not in the allowed list'),
    });
    await keeper.apply({ images: ['docker:cli'] });
    await watching.holder(id, ({ refusedBecause }) => refusedBecause === undefined);
  });
});
