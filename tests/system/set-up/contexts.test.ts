import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { dockerCommand } from '../../../main/set-up/docker-command.ts';
import { checkDockerContext, selectFormerContext, selectOurContext } from '../../../main/set-up/docker-context.ts';
import { runOrThrow } from '../../lab/command.ts';
import { attachLab, dockerCli } from '../../lab/lab.ts';

const lab = attachLab(inject('lab'));
const GATE = '/run/lockkeeper-of-a-test/docker.sock';
const { newest, debian } = dockerCli();
const clients = [...new Set([newest, ...(debian === undefined ? [] : [debian])])];
let folder: string;

beforeAll(() => {
  mkdirSync(lab.work, { recursive: true });
  folder = mkdtempSync(join(lab.work, 'contexts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(clients)('with the contexts of %s', (client) => {
  let config: string;
  /** DOCKER_HOST would make docker say that no context counts. */
  const env = () => ({ PATH: dirname(client), HOME: folder, DOCKER_CONFIG: config, DOCKER_HOST: 'unix:///elsewhere' });
  const terminal = () => ({
    env: {},
    home: folder,
    docker: dockerCommand(env()),
    gate: GATE,
    endpoint: { kind: 'socket', url: lab.engineUrl, path: lab.engineSocket } as const,
  });
  const docker = async (...args: string[]) => {
    const { DOCKER_HOST: _host, ...others } = env();
    return (await runOrThrow(client, args, { env: others })).stdout.trim();
  };
  const selected = () => docker('context', 'inspect', '--format', '{{.Name}}');
  const found = async () => {
    const { state, finding, values, action } = await checkDockerContext(terminal());
    return { state, finding, ...values, action };
  };

  beforeEach(() => {
    config = mkdtempSync(join(folder, 'config-'));
  });

  it('creates and selects ours, and goes back to what was selected before', async () => {
    await docker('context', 'create', 'work', '--docker', 'host=unix:///work.sock');
    await docker('context', 'use', 'work');
    expect(await found()).toMatchObject({ state: 'fail', context: 'work', endpoint: 'unix:///work.sock' });
    expect(await selectOurContext(terminal())).toBeUndefined();
    expect(await selected()).toBe('lockkeeper');
    expect(await docker('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}')).toBe(`unix://${GATE}`);
    expect(await found()).toEqual({
      state: 'pass',
      finding: 'ours',
      context: 'lockkeeper',
      before: 'work',
      action: 'leave-context',
    });
    // Once more changes nothing, and does not forget the way back.
    expect(await selectOurContext(terminal())).toBeUndefined();
    expect(await selectFormerContext(terminal())).toBeUndefined();
    expect(await selected()).toBe('work');
    await docker('context', 'use', 'default');
    expect(await selectOurContext(terminal())).toBeUndefined();
    expect(await selectFormerContext(terminal())).toBeUndefined();
    expect(await selected()).toBe('default');
  });

  it('goes back to the default one when the former is gone', async () => {
    await docker('context', 'create', 'work', '--docker', 'host=unix:///work.sock');
    await docker('context', 'use', 'work');
    await selectOurContext(terminal());
    await docker('context', 'rm', 'work');
    expect(await selectFormerContext(terminal())).toBeUndefined();
    expect(await selected()).toBe('default');
  });

  it('leads ours to this host gate when it led to another', async () => {
    expect(await selectOurContext({ ...terminal(), gate: '/former/docker.sock' })).toBeUndefined();
    expect(await found()).toMatchObject({ state: 'fail', endpoint: 'unix:///former/docker.sock' });
    expect(await selectOurContext(terminal())).toBeUndefined();
    expect(await found()).toMatchObject({ state: 'pass', before: 'default' });
  });

  it('leaves a context of that name alone that somebody else has made', async () => {
    await docker('context', 'create', 'lockkeeper', '--docker', 'host=ssh://lockkeeper');
    expect(await selectOurContext(terminal())).toBe(
      'there is a context "lockkeeper" that Lockkeeper has not made, which leads to ssh://lockkeeper: rename or remove it',
    );
    expect(await selected()).toBe('default');
  });
});

it('says that there is no docker command', async () => {
  const docker = dockerCommand({ PATH: folder });
  const endpoint = { kind: 'socket', url: lab.engineUrl, path: lab.engineSocket } as const;
  const terminal = { env: {}, home: folder, docker, gate: GATE, endpoint };
  expect(await checkDockerContext(terminal)).toMatchObject({ state: 'unknown', finding: 'no-docker' });
  expect(await selectOurContext(terminal)).toBe('the docker command is not installed');
});
