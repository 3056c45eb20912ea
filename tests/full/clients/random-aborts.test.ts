import { afterAll, beforeAll, test } from 'vitest';
import { type Lab, startLab } from '../../lab/lab.ts';
import { abortMany } from '../../system/clients/abort-many.ts';
import { chosenSeed } from '../../system/clients/seeded.ts';
import { type Running, startLockkeeper } from '../../system/running.ts';

const seed = chosenSeed();
let lab: Lab;
let keeper: Running;

beforeAll(async () => {
  lab = await startLab({ name: 'aborts' });
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
});
afterAll(async () => {
  await keeper.stop();
  await lab.stop();
});

test(
  `2,000 clients that leave at random moments leave nothing behind (LOCKKEEPER_SEED=${seed})`,
  {
    timeout: 600_000,
  },
  () => abortMany(lab, keeper, 2000, seed),
);
