import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandResult, runCommand } from '../../lab/command.ts';
import { dockerCli, ENGINES, type Lab, PRIVATE_REGISTRY, startLab } from '../../lab/lab.ts';
import { clientEnvironment, type Way, waysTo } from '../../system/clients/both-ways.ts';
import { emptyEngine } from '../../system/clients/empty-engine.ts';
import { normalised } from '../../system/clients/normalised.ts';
import { startLockkeeper } from '../../system/running.ts';
import { WALK } from './walk.ts';

const { newest, newestVersion } = dockerCli();

/** The whole walk one way, from an empty folder and an engine with two images; each line's outcome, without IDs and times. */
async function walk(lab: Lab, way: Way): Promise<readonly CommandResult[]> {
  const folder = join(lab.work, 'here');
  mkdirSync(folder, { recursive: true });
  await emptyEngine(lab.engineSocket, ['alpine:latest', 'malicious-image:latest']);
  // With the containerd store, what was also pulled by digest goes with its tags.
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  const env = {
    ...clientEnvironment(lab, way, newest),
    REGISTRY: lab.registry.address,
    PRIVATE: PRIVATE_REGISTRY.host,
    LOGIN: PRIVATE_REGISTRY.username,
    PASSWORD: PRIVATE_REGISTRY.password,
  };
  const outcomes: CommandResult[] = [];
  for (const { line } of WALK) {
    const outcome = await runCommand('/bin/sh', ['-ec', `cd '${folder}'\n${line}`], { env, timeoutMs: 120_000 });
    outcomes.push(normalised(outcome, [way.url, way.socket, way.name]));
  }
  rmSync(folder, { recursive: true });
  return outcomes;
}

for (const release of ENGINES) {
  describe.runIf(release.available)(`the docker client ${newestVersion}, ${release.title}`, () => {
    let lab: Lab;
    const outcomes: { direct: readonly CommandResult[]; through: readonly CommandResult[] } = {
      direct: [],
      through: [],
    };
    beforeAll(async () => {
      lab = await startLab({ name: 'walk', release, privateRegistry: true });
      const keeper = await startLockkeeper(lab);
      try {
        const [direct, through] = waysTo(lab, keeper);
        outcomes.direct = await walk(lab, direct);
        outcomes.through = await walk(lab, through);
      } finally {
        await keeper.stop();
      }
    }, 1_800_000);
    afterAll(() => lab?.stop());

    test.each(WALK.map((step, index) => ({ ...step, index })))('$index: $line', ({ index, fails }) => {
      const direct = outcomes.direct[index];
      expect(outcomes.through[index]).toEqual(direct);
      expect(direct?.code === 0, direct?.stderr).toBe(!fails);
    });
  });
}
