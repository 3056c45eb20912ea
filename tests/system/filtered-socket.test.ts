import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, dockerCli, request } from '../lab/lab.ts';
import { type Running, startLockkeeper } from './running.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
let keeper: Running;

beforeAll(async () => {
  keeper = await startLockkeeper(lab, { images: ['docker:cli'], commands: ['push', 'build'] });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
});
afterAll(() => keeper.stop());
afterEach(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=filtered']);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
});

/** Runs a command in a container that holds a filtered socket. */
const inside = (...args: string[]) =>
  lab.docker(['run', '--rm', '--label', 'test=filtered', '-v', BIND, 'docker:cli', ...args], { host: keeper.url });

/** A request to the standing socket, as curl would send it. */
async function ask(method: string, path: string, body?: object) {
  const answer = await request(keeper.standing.replace('unix://', ''), path, { method, body });
  return { status: answer.status, text: answer.body };
}

describe('deny "push", "build"', () => {
  it("blocks docker push with the seed's sentence", async () => {
    const push = await inside('docker', 'push', 'myimage');
    expect(push.stderr).toMatch(
      /Error response from daemon: enhanced container isolation: docker command "\/v[\d.]+\/images\/[^"]*myimage\/push\?tag=latest" is blocked; if you wish to allow it, configure the docker socket command list in the Docker Desktop settings\. \(Lockkeeper: deny "push", /,
    );
    expect(push.code).not.toBe(0);
  });

  it('blocks the request by itself, as curl sends it', async () => {
    const url = 'http://localhost/v1.41/images/myimage/push?tag=latest';
    const curl = await inside(
      'curl',
      '-s',
      '-w',
      '%{http_code}',
      '--unix-socket',
      '/var/run/docker.sock',
      '-X',
      'POST',
      url,
    );
    expect(curl.stdout).toContain('docker command \\"/v1.41/images/myimage/push?tag=latest\\" is blocked');
    expect(curl.stdout).toMatch(/403$/);
  });

  it.each([
    '/v1.41/images/a%2Fb/push',
    '/images/127.0.0.1:5000/x/push',
    '/v1.41/images/create/push',
    '/v1.41/images/x/%70ush',
  ])('blocks the spelling %s', async (path) => {
    expect((await ask('POST', path)).status).toBe(403);
  });

  it.each(['/v1.41//images/x/push', '/V1.41/images/x/push', '/v1.41/images/../images/x/push', '/v1.41/images/x/push#'])(
    'answers 400 to the spelling %s',
    async (path) => {
      expect((await ask('POST', path)).status).toBe(400);
    },
  );

  it('blocks classic builds', async () => {
    const env = { DOCKER_BUILDKIT: '0' };
    const build = await lab.docker(['build', '-'], { host: keeper.standing, stdin: 'FROM alpine', env });
    expect(`${build.stdout}${build.stderr}`).toContain('is blocked');
    expect(build.code).not.toBe(0);
  });

  // buildx does not show the refusal: it tries to boot a builder container instead, which finds no image here.
  it.runIf(dockerCli().plugins !== undefined)('blocks BuildKit (with buildx of the newer clients)', async () => {
    const build = await lab.docker(['build', '-'], { host: keeper.standing, stdin: 'FROM alpine' });
    expect(build.code).not.toBe(0);
    const blocked = { outcome: 'refused', path: '/grpc', reason: 'command-denied' };
    expect(await keeper.events()).toContainEqual(expect.objectContaining(blocked));
  });

  it('passes everything else', async () => {
    expect(await inside('docker', 'run', '--rm', 'alpine', 'echo', 'nested')).toMatchObject({
      code: 0,
      stdout: 'nested\n',
    });
    expect(await inside('docker', 'images', '-q')).toMatchObject({ code: 0 });
  });
});

describe('recursion', () => {
  it('a container created through a container socket gets a filtered socket of its own', async () => {
    const nested = [
      'docker',
      'run',
      '--rm',
      '--label',
      'test=filtered',
      '-v',
      BIND,
      'docker:cli',
      'docker',
      'push',
      'myimage',
    ];
    expect((await inside(...nested)).stderr).toContain('is blocked');
  });

  it('an image that is not listed gets none there either', async () => {
    const nested = await inside('docker', 'run', '--rm', '-v', BIND, 'alpine', 'true');
    expect(nested.stderr).toContain('image is not in the allowed list');
  });

  it('the path of the socket inside the container means the Docker socket', async () => {
    const script = 'docker run --rm -v /.lockkeeper/docker.sock:/var/run/docker.sock docker:cli docker ps -q';
    expect(await inside('sh', '-c', script)).toMatchObject({ code: 0 });
  });
});

describe('allow lists', () => {
  it('allow "ps" permits GET /containers/json, ping and version, and nothing else', async () => {
    await keeper.apply({ images: ['docker:cli'], type: 'allow', commands: ['ps'] });
    expect((await ask('GET', '/v1.41/containers/json')).status).toBe(200);
    expect((await ask('GET', '/_ping')).status).toBe(200);
    expect((await ask('GET', '/version')).status).toBe(200);
    expect((await ask('GET', '/v1.41/images/json')).text).toContain('not in allow \\"ps\\"');
    expect((await ask('POST', '/v1.41/containers/create', { Image: 'alpine' })).status).toBe(403);
  });

  it('allow "run" works for its own containers, and leaves others and exec alone', async () => {
    await keeper.apply({ images: ['docker:cli'], type: 'allow', commands: ['run'] });
    const other = await lab.dockerOutput(['run', '-d', '--label', 'test=filtered', 'alpine', 'sleep', '60']);
    expect(await inside('docker', 'run', '--rm', 'alpine', 'echo', 'own')).toMatchObject({ code: 0, stdout: 'own\n' });
    const denied = await inside('docker', 'rm', '-f', other);
    expect(denied.stderr).toContain('only containers created through this socket');
    expect((await inside('docker', 'exec', other, 'true')).stderr).toContain('is blocked');
    expect(await lab.dockerOutput(['inspect', '-f', '{{.State.Running}}', other])).toBe('true');
  });
});

describe('operations that no version knows', () => {
  it('are refused on filtered sockets and pass on the host gate', async () => {
    await keeper.apply({ images: ['docker:cli'] });
    expect((await ask('POST', '/v1.41/teleport')).text).toContain('is blocked');
    expect((await request(keeper.hostGate, '/v1.41/teleport', { method: 'POST' })).status).toBe(404);
    const events = await keeper.events();
    expect(events).toContainEqual(
      expect.objectContaining({ outcome: 'passed', reason: 'unknown-operation', path: '/v1.41/teleport' }),
    );
  });
});

describe('a settings file that breaks', () => {
  it('keeps the last good policy, and says where it is broken', async () => {
    await keeper.apply({ images: ['docker:cli'], commands: ['push'] });
    await keeper.apply('{ "enhancedContainerIsolation": { "lockd": true } }');
    expect((await ask('POST', '/v1.41/images/x/push')).text).toContain('deny \\"push\\"');
    const { stdout } = await keeper.cli('policy');
    expect(stdout).toContain('lockd');
  });
});
