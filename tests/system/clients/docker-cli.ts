import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../lab/command.ts';
import { type Lab, PRIVATE_REGISTRY, startLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { clientEnvironment, sameBothWays, type Way, waysTo } from './both-ways.ts';
import { emptyEngine } from './empty-engine.ts';
import type { Script } from './scripts.ts';

let lab: Lab;
let keeper: Running;
let ways: readonly [Way, Way];

/** Prepares an engine for the file that calls this, and for it alone: its `info`, `system df` and `prune` are compared. */
export function ownEngine(): void {
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
}

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

/** Each script comes to the same through Lockkeeper as directly. */
export function behaves(scripts: readonly Script[], cli: string, env?: Readonly<Record<string, string>>) {
  it.each(scripts)('$does', async ({ script, code = 0, shows }) => {
    const outcome = await same(cli, script, env);
    expect(`${outcome.stdout}${outcome.stderr}`).toMatch(shows);
    expect(outcome.code).toBe(code);
  });
}
