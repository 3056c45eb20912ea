import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
let keeper: Running;

beforeAll(async () => {
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  // Of no registry: what a build on this machine leaves.
  await lab.dockerOutput(['tag', 'malicious-image', 'pin/local']);
  keeper = await startLockkeeper(lab);
});
afterAll(async () => {
  await keeper?.stop();
  await lab.dockerOutput(['rmi', 'pin/local']);
});

const run = (image: string) => lab.docker(['create', '--rm', '-v', BIND, image], { host: keeper.url });
const idOf = (image: string) => lab.dockerOutput(['image', 'inspect', '-f', '{{.Id}}', image]);

it('prints the digest that the registry confirms, as an entry that lets the image in', async () => {
  expect((await run('docker:cli')).code).not.toBe(0);
  const pinned = await keeper.cli('pin', 'docker:cli');
  expect(pinned.code).toBe(0);
  expect(pinned.stdout).toMatch(/^docker:cli@sha256:[0-9a-f]{64}\n$/);
  expect(pinned.stderr).toContain('for imageList.images; its registry has it');
  await keeper.apply({ images: [pinned.stdout.trim()] });
  const created = await run('docker:cli');
  expect(created).toMatchObject({ code: 0 });
  await lab.dockerOutput(['rm', created.stdout.trim()]);
});

it('prints the ID of an image that no registry has, as an entry that lets it in', async () => {
  const pinned = await keeper.cli('pin', 'pin/local');
  expect(pinned.code).toBe(0);
  expect(pinned.stdout).toBe(`${await idOf('pin/local')}\n`);
  expect(pinned.stderr).toContain('for lockkeeper.localImages, since ');
  await keeper.apply({ lockkeeper: { localImages: [pinned.stdout.trim()] } });
  const created = await run('pin/local');
  expect(created).toMatchObject({ code: 0 });
  await lab.dockerOutput(['rm', created.stdout.trim()]);
});

it('takes IDs, whole and short, for the images that have them', async () => {
  const id = await idOf('docker:cli');
  for (const given of [id, id.slice('sha256:'.length, 'sha256:'.length + 12)]) {
    const { stdout } = await keeper.cli('pin', given, '--json');
    expect(JSON.parse(stdout)).toEqual([
      { kind: 'digest', image: given, entry: expect.stringMatching(/^docker(:cli)?@sha256:[0-9a-f]{64}$/) },
    ]);
  }
});

it('says what is wrong with a name, and goes on with the others', async () => {
  const pinned = await keeper.cli('pin', 'pin/absent', 'Pin/Upper', 'docker:cli');
  expect(pinned.code).toBe(1);
  expect(pinned.stderr).toContain('pin/absent: it is not on this machine; run: docker pull pin/absent');
  expect(pinned.stderr).toContain('Pin/Upper: "Pin/Upper" has upper case');
  expect(pinned.stdout).toMatch(/^docker:cli@sha256:/);
});
