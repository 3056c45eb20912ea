import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { chosenSeed } from './seeded.ts';
import { MEASURED } from './soak/memory.ts';
import { FIRST } from './soak/reloads.ts';
import { soak } from './soak/soak.ts';

const lab = attachLab(inject('lab'));
const seed = chosenSeed();
let keeper: Running;

beforeAll(async () => {
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, FIRST, MEASURED);
});
afterAll(() => keeper.stop());

/** Too short to say whether memory stays flat: tests/full/clients/soak.test.ts does. */
test(`seconds of mixed load bring no error and leave nothing behind (LOCKKEEPER_SEED=${seed})`, {
  timeout: 180_000,
}, async () => {
  expect((await soak(lab, keeper, { milliseconds: 6000, windows: 2, seed, full: false })).failures).toEqual([]);
});
