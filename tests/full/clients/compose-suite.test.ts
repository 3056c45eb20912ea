import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheFolder } from '../../lab/clients.ts';
import { runCommand, SYSTEM_PATH } from '../../lab/command.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../../system/running.ts';

const suite = join(cacheFolder(), 'compose-suite');
/** What the suite's fixtures name, besides what the lab's Hub has. */
const IMAGES = ['busybox:1.31.0-uclibc', 'busybox:1.27.2', 'alpine:3.10.1'];
/** For one case, whose end pytest tells; the slowest take a minute. */
const MOST_MS = 10 * 60_000;
/** For all of them both ways: on an idle machine it is about a quarter of an hour. */
const ALL_MS = 4 * 60 * 60_000;

/** Outcome by case: passed, failed, error, skipped, xfailed, xpassed. */
type Outcomes = ReadonlyMap<string, string>;

async function runSuite(lab: Lab, url: string, only: readonly string[] = ['tests/integration']): Promise<Outcomes> {
  const source = join(lab.work, 'source');
  if (!existsSync(source)) cpSync(join(suite, 'source'), source, { recursive: true });
  const env = {
    PATH: `${join(suite, 'bin')}:${SYSTEM_PATH.PATH}`,
    PYTHONPATH: `${join(suite, 'root/usr/lib/python3/dist-packages')}:${source}`,
    HOME: join(lab.folder, 'home'),
    DOCKER_HOST: url,
  };
  const pytest = `cd '${source}' && exec /usr/bin/python3 -u -m pytest -v -p no:cacheprovider ${only.join(' ')}`;
  const { stdout } = await runCommand('/bin/sh', ['-c', pytest], { env, timeoutMs: MOST_MS, whileSilent: true });
  const outcomes = new Map<string, string>();
  for (const [, name = '', word = ''] of stdout.matchAll(/^(tests\/\S+) ([A-Z]+) +\[ *\d+%\]$/gm)) {
    // A case that fails and cannot be torn down has two lines.
    const before = outcomes.get(name);
    outcomes.set(name, before === undefined ? word.toLowerCase() : `${before}, ${word.toLowerCase()}`);
  }
  return outcomes;
}

const count = (outcomes: Outcomes, outcome: string) => [...outcomes.values()].filter((one) => one === outcome).length;
const title = 'the integration tests of docker-compose 1.29 (unpacked by "node build/prepare.mjs compose-suite")';

describe.runIf(existsSync(suite))(title, () => {
  const labs: { direct?: Lab; through?: Lab } = {};
  let keeper: Running | undefined;
  beforeAll(async () => {
    // An engine for each way, so that both can run at once.
    for (const way of ['direct', 'through'] as const) {
      const lab = await startLab({ name: way });
      labs[way] = lab;
      for (const image of IMAGES) await lab.publish(image, { from: 'busybox' });
    }
  });
  afterAll(async () => {
    await keeper?.stop();
    await labs.direct?.stop();
    await labs.through?.stop();
  });

  /** The cases whose outcome is another one now and then, without us: each has the outcomes that were seen. */
  async function variesDirectly(lab: Lab, name: string, seen: string): Promise<boolean> {
    for (let run = 0; run < 5; run += 1) {
      if ((await runSuite(lab, lab.engineUrl, [name])).get(name) === seen) return true;
    }
    return false;
  }

  test('have the same outcome through the host gate as directly, case by case', { timeout: ALL_MS }, async () => {
    const { direct, through } = labs;
    if (direct === undefined || through === undefined) throw new Error('beforeAll starts them');
    keeper = await startLockkeeper(through);
    const [expected, found] = await Promise.all([runSuite(direct, direct.engineUrl), runSuite(through, keeper.url)]);
    const different = [...expected].filter(([name, outcome]) => found.get(name) !== outcome);
    const unexplained: string[] = [];
    for (const [name, outcome] of different) {
      const seen = found.get(name) ?? 'missing';
      const line = `${name}: directly ${outcome}, through the gate ${seen}`;
      const varies = await variesDirectly(direct, name, seen);
      console.log(`${line}; repeated directly, ${varies ? 'the same happens' : 'it does not happen'}`);
      if (!varies) unexplained.push(line);
    }
    const outcomes = ['passed', 'failed', 'skipped', 'xfailed'].map((word) => `${count(found, word)} ${word}`);
    console.log(`docker-compose 1.29: ${found.size} cases through the gate, ${outcomes.join(', ')}`);
    expect(unexplained).toEqual([]);
    expect(found.size).toBe(expected.size);
    expect(count(expected, 'passed')).toBeGreaterThan(240);
  });
});
