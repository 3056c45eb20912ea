import { expect } from 'vitest';
import type { AttachedLab } from '../../lab/lab.ts';
import { request } from '../../lab/request.ts';
import { eventually, type Running } from '../running.ts';
import { isNoMore, openThings } from './left-behind.ts';
import { abortOnce, abortStage, type Stage } from './random-aborts.ts';
import { seeded } from './seeded.ts';

const LABEL = 'random-aborts';
const AT_ONCE = 8;

/**
 * Lets so many clients leave at random moments, and expects that nothing of them is left: no connection, listener or
 * file descriptor of Lockkeeper's, no connection at the engine. Needs `alpine` and `docker:cli` at the engine and a
 * policy that lists `docker:cli`.
 */
export async function abortMany(lab: AttachedLab, keeper: Running, count: number, seed: number): Promise<void> {
  const container = await lab.dockerOutput([
    ...['run', '-d', '-i', '--label', LABEL, 'alpine', 'sh', '-c'],
    'cat >/dev/null & while usleep 20000; do echo tick; done',
  ]);
  const stage = abortStage(lab, container, `${LABEL}-made`);
  try {
    // What is opened once, at the first use, is no leak.
    await abortAtOnce(keeper, stage, 20, seed + 1);
    const before = await settled(lab, keeper, stage);
    await abortAtOnce(keeper, stage, count, seed);
    await eventually(async () => isNoMore(await settled(lab, keeper, stage), before), 'nothing is left').catch(
      async (error) => {
        expect(await settled(lab, keeper, stage), String(error)).toEqual(before);
      },
    );
  } finally {
    await lab.docker(['rm', '-f', '-v', container]);
    await lab.docker(['volume', 'rm', LABEL]);
  }
  expect((await request(keeper.hostGate, '/_ping')).body).toBe('OK');
  expect(keeper.complaints()).toBe('');
}

async function abortAtOnce(keeper: Running, stage: Stage, count: number, seed: number): Promise<void> {
  let left = count;
  const clients = Array.from({ length: AT_ONCE }, async (_, index) => {
    const random = seeded(seed * AT_ONCE + index);
    while (left > 0) {
      left -= 1;
      await abortOnce(keeper.hostGate, stage, random);
    }
  });
  await Promise.all(clients);
}

/** What is open once the containers are removed that clients created and did not wait for. */
async function settled(lab: AttachedLab, keeper: Running, stage: Stage) {
  await eventually(async () => openThings(lab, keeper).clients === 0, 'no client is connected');
  const made = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${stage.label}`]);
  if (made !== '') await lab.dockerOutput(['rm', '-f', ...made.split('\n')]);
  return openThings(lab, keeper);
}
