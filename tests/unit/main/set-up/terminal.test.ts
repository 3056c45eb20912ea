import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDockerContext } from '../../../../main/set-up/docker-context.ts';
import { checkDockerHost } from '../../../../main/set-up/docker-host.ts';
import { leadsTo } from '../../../../main/set-up/leads-to.ts';
import { checkTestcontainers } from '../../../../main/set-up/testcontainers.ts';
import { socketUrl } from '../../../../shared/engine-api/socket-url.ts';
import { dockerWith, found, GATE, machine } from './found.ts';

const RAW = 'unix:///var/run/docker.sock';
const OURS = `unix://${GATE}`;
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lk-home-'));
});
afterAll(() => rmSync(home, { recursive: true }));

describe('a DOCKER_HOST', () => {
  it('leads to a socket by any of its names, and a pipe in any case', async () => {
    const [socket, link] = [join(home, 'a.sock'), join(home, 'b.sock')];
    writeFileSync(socket, '');
    symlinkSync(socket, link);
    expect(await leadsTo(`unix://${link}`, socket)).toBe(true);
    expect(await leadsTo(`unix://${home}/./a.sock`, socket)).toBe(true);
    expect(await leadsTo(`unix://${home}/other.sock`, socket)).toBe(false);
    expect(await leadsTo('tcp://127.0.0.1:2375', socket)).toBe(false);
    const pipe = '\\\\.\\pipe\\lockkeeper_docker';
    expect(socketUrl(pipe)).toBe('npipe:////./pipe/lockkeeper_docker');
    expect(await leadsTo('npipe:////./PIPE/Lockkeeper_Docker', pipe)).toBe(true);
  });

  it.each([
    [{}, 'pass unset'],
    [{ DOCKER_HOST: OURS }, 'pass ours'],
    [{ DOCKER_HOST: RAW }, 'fail other'],
    [{ DOCKER_HOST: OURS, DOCKER_CONTEXT: 'remote' }, 'pass ours'],
    [{ DOCKER_CONTEXT: 'mine' }, 'pass context-ours'],
    [{ DOCKER_CONTEXT: 'remote' }, 'fail context'],
    [{ DOCKER_CONTEXT: 'gone' }, 'fail context: DOCKER_CONTEXT is gone, which goes past Lockkeeper (context "gone"'],
  ])('or a DOCKER_CONTEXT beats the selected context: %j', async (env, expected) => {
    const docker = dockerWith({ default: RAW, mine: OURS, remote: 'ssh://far' });
    expect(await found(checkDockerHost(machine({ env, docker })))).toContain(expected);
  });
});

describe('the selected context', () => {
  it.each([
    [
      'leads past',
      dockerWith({ default: RAW }),
      'fail other: The docker command goes past Lockkeeper: context “default”',
    ],
    ['leads through', dockerWith({ mine: OURS }), 'pass ours'],
    ['has no docker command', async () => ({ kind: 'missing' }) as const, 'unknown no-docker'],
    [
      'is not told',
      async () => ({ kind: 'failed', why: 'bad json' }) as const,
      'unknown unreadable: The docker command does not tell its context: bad json',
    ],
    ['is told strangely', async () => ({ kind: 'done', stdout: '[]' }) as const, 'unknown unreadable'],
  ])('%s', async (_, docker, expected) => {
    expect(await found(checkDockerContext(machine({ docker })))).toContain(expected);
  });

  it('does not matter when DOCKER_HOST leads through', async () => {
    const env = { DOCKER_HOST: OURS };
    expect(await found(checkDockerContext(machine({ env, docker: dockerWith({ default: RAW }) })))).toContain(
      'pass host-decides',
    );
  });

  it('comes with the commands that lead it to Lockkeeper', async () => {
    const create = await checkDockerContext(machine({ docker: dockerWith({ default: RAW }) }));
    expect(create).toMatchObject({
      action: 'use-context',
      command: `docker context create --description "Docker through Lockkeeper (before: default)" --docker host=${OURS} lockkeeper && docker context use lockkeeper`,
    });
    const use = await checkDockerContext(machine({ docker: dockerWith({ default: RAW, lockkeeper: OURS }) }));
    expect(use.command).toBe('docker context use lockkeeper');
  });
});

describe('Testcontainers', () => {
  const UNIX = 'org.testcontainers.dockerclient.UnixSocketClientProviderStrategy';
  const BY_ENV = 'org.testcontainers.dockerclient.EnvironmentAndSystemPropertyClientProviderStrategy';
  it.each<[Record<string, string>, string | undefined, string]>([
    [{}, undefined, 'pass unused'],
    [{}, '', 'warn default'],
    [{ DOCKER_HOST: OURS }, '', 'pass clear'],
    [{}, `# by hand\ndocker.host=unix\\://${GATE}\n`, 'pass clear'],
    [{}, `docker.host: ${RAW}`, `warn other: docker.host (~/.testcontainers.properties) is ${RAW}`],
    [{ DOCKER_HOST: OURS }, `docker.host=${RAW}`, 'pass clear'],
    [{ DOCKER_HOST: OURS }, 'tc.host = tcp://127.0.0.1:44444', 'warn other: tc.host'],
    [{ DOCKER_HOST: OURS }, `docker.client.strategy=${UNIX}`, 'warn other: docker.client.strategy'],
    [{ DOCKER_HOST: OURS }, `docker.client.strategy=${BY_ENV}`, 'pass clear'],
    [
      { DOCKER_HOST: OURS, TESTCONTAINERS_DOCKER_CLIENT_STRATEGY: UNIX },
      '',
      'warn other: TESTCONTAINERS_DOCKER_CLIENT',
    ],
    [{ DOCKER_HOST: OURS, TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE: '/var/run/docker.sock' }, '', 'pass clear'],
    [{ DOCKER_HOST: OURS, TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE: '/tmp/x' }, '', 'warn not-a-socket'],
    [{ DOCKER_HOST: OURS }, 'docker.socket.override=/tmp/x', 'warn not-a-socket: docker.socket.override'],
  ])('%j %j: %s', async (env, properties, expected) => {
    const file = join(home, '.testcontainers.properties');
    if (properties === undefined) rmSync(file, { force: true });
    else writeFileSync(file, properties);
    expect(await found(checkTestcontainers(machine({ env, home })))).toContain(expected);
  });
});
