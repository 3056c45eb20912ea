import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../../lab/lab.ts';
import { chosenSeed } from '../../system/clients/seeded.ts';
import { growth, MEASURED } from '../../system/clients/soak/memory.ts';
import { FIRST } from '../../system/clients/soak/reloads.ts';
import { report, soak } from '../../system/clients/soak/soak.ts';
import { type Running, startLockkeeper } from '../../system/running.ts';

const seed = chosenSeed();
/** LOCKKEEPER_SOAK_MINUTES makes it longer or shorter. */
const minutes = Number(process.env.LOCKKEEPER_SOAK_MINUTES ?? 20);
let lab: Lab;
let keeper: Running;

beforeAll(async () => {
  lab = await startLab({ name: 'soak' });
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, FIRST, MEASURED);
});
afterAll(async () => {
  await keeper.stop();
  await lab.stop();
});

test(`${minutes} minutes of mixed load: no error, and memory stays flat (LOCKKEEPER_SEED=${seed})`, {
  timeout: (minutes + 15) * 60_000,
}, async () => {
  const soaked = await soak(lab, keeper, { milliseconds: minutes * 60_000, windows: 24, seed, full: true });
  console.log(report(soaked));
  expect(soaked.failures).toEqual([]);
  for (const [does, count] of soaked.done) expect(count, does).toBeGreaterThan(0);
  expect(growth(soaked.held, 'heapUsed')).toBeLessThan(1.05);
  expect(growth(soaked.held, 'external')).toBeLessThan(1.2);
  expect(growth(soaked.held, 'rss')).toBeLessThan(1.15);
});
