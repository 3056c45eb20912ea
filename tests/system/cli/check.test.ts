import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { checked, lockkeeper } from './checking.ts';

const lab = attachLab(inject('lab'));
const SOCKET = '/var/run/docker.sock';
const BIND = `${SOCKET}:${SOCKET}`;
const LABEL = 'test=check';
let keeper: Running;

beforeAll(async () => {
  keeper = await startLockkeeper(lab, { images: ['docker:cli'], commands: ['push', 'pause'] });
  for (const image of ['docker:cli', 'alpine']) await lab.dockerOutput(['pull', '-q', image]);
});
afterAll(() => keeper.stop());
afterEach(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${LABEL}`]);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', '-v', ...ids.split(/\s+/)]);
});

const check = (options: readonly string[], line: readonly string[], stdin?: string) =>
  checked(lab, ['--state', keeper.state, ...options], line, stdin);

const run = ['docker', 'run', '--rm', '--label', LABEL];

describe('lockkeeper check', () => {
  it('does nothing and records nothing', async () => {
    const state = () => ['sockets', 'holders', 'created'].map((room) => readdirSync(join(keeper.state, room)));
    const before = {
      events: (await keeper.events()).length,
      state: state(),
      ps: await lab.dockerOutput(['ps', '-aq']),
    };
    await check([], [...run, '-v', BIND, 'docker:cli', 'true']);
    await check([], [...run, '-v', BIND, 'alpine', 'true']);
    await check(['--from', 'filtered'], ['docker', 'push', 'alpine']);
    expect({
      events: (await keeper.events()).length,
      state: state(),
      ps: await lab.dockerOutput(['ps', '-aq']),
    }).toEqual(before);
  });

  it('tells people in lines, with the remedy and the verdict', async () => {
    const { code, stdout } = await lockkeeper(lab, [
      'check',
      '--state',
      keeper.state,
      '--',
      ...run,
      '-v',
      BIND,
      'alpine',
    ]);
    expect(code).toBe(5);
    expect(stdout).toMatch(/^BLOCKED {2}ContainerCreate +POST \/v1\.51\/containers\/create {2}not in the image list\n/);
    expect(stdout).toContain('-> add "docker.io/library/alpine:latest" to imageList.images (');
    expect(stdout).toMatch(/\nBlocked: docker container run from the host would be refused\.\n$/);
  });

  it('reads a create body from a file or standard input', async () => {
    const body = JSON.stringify({ Image: 'alpine', HostConfig: { Binds: [BIND] } });
    const refused = await check(['--create', '-'], [], body);
    expect(refused.code).toBe(5);
    expect(refused.steps.map(({ operation, reason }) => [operation, reason])).toEqual([
      ['ContainerCreate', 'not-listed'],
    ]);
    const granted = await check(['--create', '-'], [], body.replace('alpine', 'docker:cli'));
    expect(granted).toMatchObject({ code: 0, steps: [{ socket: { entry: 'docker:cli', targets: [SOCKET] } }] });
    const twice = await check(['--create', '-'], [], '{"Image":"alpine","image":"docker:cli"}');
    expect(twice).toMatchObject({ code: 5, steps: [{ status: 400, reason: 'malformed-request' }] });
    expect((await check(['--create', '/nowhere'], [])).code).toBe(2);
  });

  it('knows the socket of a container by its name and by its ID', async () => {
    const create = ['create', '--label', LABEL, '--name', 'check-ci', '-v', BIND, 'docker:cli', 'true'];
    const id = await lab.dockerOutput(create, { host: keeper.url });
    for (const name of ['check-ci', id, id.slice(0, 12)]) {
      const { code, report } = await check(['--from', 'container', name], ['docker', 'push', 'alpine']);
      expect({ code, from: report.from }, name).toEqual({
        code: 5,
        from: { listener: 'container-socket', containerId: id, image: 'docker.io/library/docker:cli' },
      });
    }
    const none = await check(['--from', 'container', 'nobody'], ['docker', 'ps']);
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stderr)).toMatchObject({ error: { name: 'no-such-way-in' } });
    expect((await check(['--from', 'socket', '/tmp/none.sock'], ['docker', 'ps'])).code).toBe(1);
  });

  it('says what a pull would change', async () => {
    const { code, steps, report } = await check([], [...run, '-v', BIND, 'check/absent:1']);
    expect(code).toBe(5);
    expect(steps.map(({ operation, verdict, condition }) => [operation, verdict, condition]).slice(0, 3)).toEqual([
      ['ContainerCreate', 'allowed', undefined],
      ['ImagePull', 'allowed', 'image-absent'],
      ['ContainerCreate', 'blocked', 'image-absent'],
    ]);
    expect(report.verdict).toBe('blocked');
  });

  it('ends with 2 at a line that it cannot read, and names the word', async () => {
    const { code, stderr } = await lockkeeper(lab, [
      'check',
      '--state',
      keeper.state,
      '--',
      'docker',
      'run',
      '--privilegd',
      'x',
    ]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'lockkeeper: docker container run: unknown flag "--privilegd"; see "docker container run --help"\n',
    });
  });
});
