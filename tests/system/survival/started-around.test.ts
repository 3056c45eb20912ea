import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { bundleKeeper, mortalKeeper } from './mortal.ts';

const lab = attachLab(inject('lab'));
const keeper = mortalKeeper(lab, { images: ['docker:cli'] });
const NAME = 'survival-around';
const body = {
  Image: 'docker:cli',
  Cmd: ['sleep', '600'],
  HostConfig: { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] },
};

beforeAll(async () => {
  await bundleKeeper();
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  await keeper.start();
});
afterAll(async () => {
  await lab.docker(['rm', '-f', NAME]);
  await keeper.remove();
});

const create = () =>
  request(keeper.hostGate, `/v1.41/containers/create?name=${NAME}`, { method: 'POST', body }).catch(() => undefined);
const ping = async () => {
  const script = 'curl -s --unix-socket /var/run/docker.sock http://d/_ping || printf -';
  return (await lab.docker(['exec', NAME, 'sh', '-c', script])).stdout;
};
const isUp = async () => (await lab.dockerOutput(['ps', '-q', '--filter', `name=${NAME}`])) !== '';

/** Somebody starts the container of a create that was interrupted by its name, at the engine itself. */
it.each([
  ['container-created', false],
  ['record-written', true],
] as const)('a container that is started around a Lockkeeper that died at "%s" stays', async (step, hasSocket) => {
  await keeper.arm(step);
  await create();
  await keeper.died();
  await lab.dockerOutput(['start', NAME]);
  // Nothing but an empty folder, or the socket of nobody.
  expect(await ping()).toBe('-');
  await keeper.start();
  expect(await isUp()).toBe(true);
  if (hasSocket) {
    expect(await ping()).toBe('OK');
  } else {
    const isTold = async () => (await keeper.problems()).some((text) => text.includes(`container ${NAME} (`));
    await eventually(isTold, 'it is told that it has no socket');
    expect(await ping()).toBe('-');
    const again = await lab.docker(['restart', '-t', '0', NAME], { host: `unix://${keeper.hostGate}` });
    expect(again.stderr).toContain('docker socket mount denied');
  }
  await lab.dockerOutput(['rm', '-f', NAME]);
  await eventually(async () => readdirSync(join(keeper.state, 'sockets')).length === 0, 'its folder goes with it');
  await eventually(async () => (await keeper.problems()).length === 0, 'nothing is wrong any more');
});
