import { afterAll, beforeAll, inject, test } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { abortMany } from './abort-many.ts';
import { chosenSeed } from './seeded.ts';

const lab = attachLab(inject('lab'));
const seed = chosenSeed();
let keeper: Running;

beforeAll(async () => {
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
});
afterAll(() => keeper.stop());

test(`200 clients that leave at random moments leave nothing behind (LOCKKEEPER_SEED=${seed})`, () =>
  abortMany(lab, keeper, 200, seed));
