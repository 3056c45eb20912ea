import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../lab/command.ts';
import { dockerCli, type Lab, PRIVATE_REGISTRY, startLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { clientEnvironment, sameBothWays, type Way, waysTo } from './both-ways.ts';
import { emptyEngine } from './empty-engine.ts';
import { BUILDKIT, CLASSIC_BUILD, CONTAINERS, EXEC, IMAGES, RUN, type Script, STREAMS, SYSTEM } from './scripts.ts';

let lab: Lab;
let keeper: Running;
let ways: readonly [Way, Way];

// An engine for this file alone: its `info`, `system df` and `prune` are compared.
beforeAll(async () => {
  lab = await startLab({ name: 'cli', privateRegistry: true });
  keeper = await startLockkeeper(lab);
  ways = waysTo(lab, keeper);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
});
afterAll(async () => {
  await keeper.stop();
  await lab.stop();
});

/** Runs a script both ways, with the same empty folder and the same engine before each. */
function same(cli: string, script: string, env: Readonly<Record<string, string>> = {}) {
  const folder = join(lab.work, 'here');
  const play = (way: Way) => {
    mkdirSync(folder, { recursive: true });
    const more = { REGISTRY: lab.registry.address, PRIVATE: PRIVATE_REGISTRY.host, LOGIN: PRIVATE_REGISTRY.username };
    const password = { PASSWORD: PRIVATE_REGISTRY.password };
    const environment = { ...clientEnvironment(lab, way, cli), ...more, ...password, ...env };
    return runCommand('/bin/sh', ['-ec', `cd '${folder}'\n${script}`], { env: environment });
  };
  return sameBothWays(ways, play, async () => {
    rmSync(folder, { recursive: true, force: true });
    await emptyEngine(lab.engineSocket, ['alpine:latest', 'malicious-image:latest']);
  });
}

function behaves(scripts: readonly Script[], cli: string, env?: Readonly<Record<string, string>>) {
  it.each(scripts)('$does', async ({ script, code = 0, shows }) => {
    const outcome = await same(cli, script, env);
    expect(`${outcome.stdout}${outcome.stderr}`).toMatch(shows);
    expect(outcome.code).toBe(code);
  });
}

const { newest, newestVersion, debian, plugins } = dockerCli();

describe(`the docker client ${newestVersion}`, () => {
  describe('streams', () => behaves(STREAMS, newest));
  describe('run', () => behaves(RUN, newest));
  describe('exec', () => behaves(EXEC, newest));
  describe('containers', () => behaves(CONTAINERS, newest));
  describe('images', () => behaves(IMAGES, newest));
  describe('classic build', () => behaves(CLASSIC_BUILD, newest, { DOCKER_BUILDKIT: '0' }));
  describe.runIf(plugins !== undefined)('BuildKit (with buildx of the newer clients)', () => behaves(BUILDKIT, newest));
  describe('system', () => behaves(SYSTEM, newest));
});

describe.runIf(debian !== undefined && debian !== newest)("Debian's docker client beside a newer one", () => {
  const cli = debian ?? newest;
  describe('streams', () => behaves(STREAMS, cli));
  describe('classic build', () => behaves(CLASSIC_BUILD, cli, { DOCKER_BUILDKIT: '0' }));
  describe('BuildKit', () => behaves(BUILDKIT, cli, { DOCKER_BUILDKIT: '1', DOCKER_CONFIG: '/nonexistent' }));
});
