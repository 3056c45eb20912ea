import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../lab/lab.ts';
import { type Running, startLockkeeper } from './running.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
const LOCKED = { images: ['observe/none'], commands: ['push'] };
const OPEN = { ...LOCKED, locked: false };
let keeper: Running;

beforeAll(async () => {
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  keeper = await startLockkeeper(lab, OPEN);
});
afterAll(() => keeper.stop());
afterEach(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=observe']);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
});

const run = (image: string, ...command: string[]) =>
  lab.docker(['run', '-d', '--label', 'test=observe', '-v', BIND, image, ...command], { host: keeper.url });
const inside = (container: string, ...command: string[]) => lab.docker(['exec', container, ...command]);
const observed = async () =>
  (await keeper.events())
    .filter(({ outcome }) => outcome === 'observed')
    .map(({ reason, operation }) => [operation, reason]);
const lifecycle = () =>
  readFileSync(join(keeper.state, 'journal.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"observing-'))
    .map((line) => String(JSON.parse(line).what));

describe('observing for a while', () => {
  let container: string;

  it('lets a container have a socket that no entry admits, filtered, and records what it would have been told', async () => {
    expect((await run('docker:cli', 'sleep', '600')).stderr).toContain('image is not in the allowed list');
    expect((await keeper.cli('observe', '--minutes', '5')).stdout).toMatch(/^Observing until 20\S+Z\n$/);
    expect(await keeper.status()).toMatchObject({ enforcement: 'observing', observingUntil: expect.any(String) });
    expect((await keeper.cli('status')).stdout).toMatch(/^Observing: nothing is blocked, .*, until 20/);
    const created = await run('docker:cli', 'sleep', '600');
    expect(created).toMatchObject({ code: 0 });
    container = created.stdout.trim();
    expect(await inside(container, 'docker', 'ps', '-q')).toMatchObject({ code: 0 });
    const pushed = await inside(container, 'docker', 'push', 'observe/none');
    expect(pushed.stderr).not.toContain('denied');
    expect(await observed()).toEqual(
      expect.arrayContaining([
        ['ContainerCreate', 'not-listed'],
        ['ContainerList', 'not-listed'],
        ['ImagePush', 'not-listed'],
      ]),
    );
    // It is ours, and not the engine's.
    const { Source } = JSON.parse(await lab.dockerOutput(['inspect', '-f', '{{json (index .Mounts 0)}}', container]));
    expect(Source).toContain(keeper.state);

    expect((await keeper.cli('observe', '--end')).stdout).toBe('Not observing\n');
    expect((await inside(container, 'docker', 'ps', '-q')).stderr).toContain('image is not in the allowed list');
    expect((await run('docker:cli', 'true')).stderr).toContain('image is not in the allowed list');
    expect(lifecycle()).toEqual(['observing-begun', 'observing-ended']);
  });

  it('lets commands through that the list denies', async () => {
    const push = () => request(keeper.standing.replace('unix://', ''), '/v1.41/images/x/push', { method: 'POST' });
    expect((await push()).status).toBe(403);
    await keeper.cli('observe', '--minutes', '5');
    expect((await push()).status).not.toBe(403);
    expect((await observed()).at(-1)).toEqual(['ImagePush', 'command-denied']);
    expect((await keeper.status()).listeners[1]?.requests.observed).toBe(1);
  });

  it('goes on after kill -9', async () => {
    const { observingUntil } = await keeper.status();
    expect(observingUntil).toBeDefined();
    await keeper.restart();
    expect(await keeper.status()).toMatchObject({ enforcement: 'observing', observingUntil });
  });

  it('ends when the policy is locked, which then refuses it', async () => {
    await keeper.apply(LOCKED);
    expect((await keeper.status()).enforcement).toBe('enforcing');
    const refused = await keeper.cli('observe', '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { name: 'policy-locked' } });
    await keeper.restart();
    expect((await keeper.status()).enforcement).toBe('enforcing');
  });

  it('takes minutes that make sense', async () => {
    const wrong = await keeper.cli('observe', '--minutes', '61');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('It takes a number from 1 to 60');
  });
});

describe('a policy that observes', () => {
  it('says so everywhere, and blocks nothing, also when it is locked', async () => {
    await keeper.apply({ ...LOCKED, lockkeeper: { mode: 'observe' } });
    const status = await keeper.status();
    expect(status).toMatchObject({ enforcement: 'observing' });
    expect(status.observingUntil).toBeUndefined();
    expect(status.policy.warnings.join()).toContain('lockkeeper.mode is "observe": nothing is blocked');
    expect((await keeper.cli('policy')).stdout).toContain('OBSERVED ONLY');
    const check = await keeper.cli('check', '--state', keeper.state, '--', 'docker', 'run', '-v', BIND, 'docker:cli');
    expect(check).toMatchObject({ code: 0 });
    expect(check.stdout).toContain('it would be blocked, and goes on since Lockkeeper observes');
    expect(await run('docker:cli', 'true')).toMatchObject({ code: 0 });
  });

  it('lets a folder above the socket be mounted, and names who holds the socket then', async () => {
    const mounted = await lab.docker(
      ['run', '-d', '--label', 'test=observe', '-v', `${join(lab.engineSocket, '..')}:/host`, 'alpine', 'sleep', '600'],
      { host: keeper.url },
    );
    expect(mounted).toMatchObject({ code: 0 });
    expect((await observed()).slice(-2)).toEqual([
      ['ContainerCreate', 'parent-directory'],
      ['ContainerStart', 'raw-socket-holder'],
    ]);
    await expect.poll(async () => (await keeper.status()).rawHolders.running, { timeout: 10_000 }).toBe(1);
  });
});
