import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, type Lab, startLab } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../../system/running.ts';

const BIND = '/var/run/docker.sock:/var/run/docker.sock';
/** Those that can read each other's data: an upgrade goes from one to the next. */
const [first, ...later] = ENGINES.filter(({ store }) => store === 'classic');
const isAvailable = first?.available === true && later.every(({ available }) => available);

describe.runIf(isAvailable)(`an engine that is upgraded (${first?.title} and later)`, () => {
  let lab: Lab;
  let keeper: Running;
  let id: string;

  beforeAll(async () => {
    lab = await startLab({ name: 'upgrade', ...(first && { release: first }) });
    await lab.dockerOutput(['pull', '-q', 'docker:cli']);
    keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
    id = await run('--restart', 'always');
  });
  afterAll(async () => {
    await keeper?.stop();
    await lab?.stop();
  });

  const run = (...options: string[]) =>
    lab.dockerOutput(['run', '-d', '--init', ...options, '-v', BIND, 'docker:cli', 'sleep', '600'], {
      host: keeper.url,
    });
  const status = async () => JSON.parse((await keeper.cli('status', '--json')).stdout);
  const asksInside = async (container: string) =>
    (await lab.docker(['exec', container, 'docker', 'ps', '-q'])).code === 0;

  it.each(later)('to $title has its containers work on, and is told', async (release) => {
    const { version } = (await status()).engine;
    await lab.replaceEngine(release);
    await eventually(async () => {
      const { engine } = await status();
      return engine.reachable && engine.version !== version;
    }, 'the other version is seen');
    await eventually(() => asksInside(id), 'the container is up with its socket');
    const told = (await keeper.events()).filter(({ what }) => what === 'engine-reachable').at(-1);
    expect(told?.detail).toContain(`(it was ${version})`);
    expect(told?.detail).not.toContain('another engine');
    expect((await status()).problems).toEqual([]);
    const other = await run();
    expect(await asksInside(other)).toBe(true);
    await lab.dockerOutput(['rm', '-f', other]);
    await eventually(async () => readdirSync(join(keeper.state, 'holders')).length === 1, 'only the first is left');
  });

  it('still knows which containers the engine has lost', async () => {
    await keeper.kill('SIGKILL');
    await lab.dockerOutput(['rm', '-f', id]);
    await keeper.restart();
    await eventually(async () => readdirSync(join(keeper.state, 'holders')).length === 0, 'its record is gone');
  });
});
