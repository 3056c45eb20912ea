import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, type Lab, startLab } from '../lab/lab.ts';
import { chosenSeed } from '../system/clients/seeded.ts';
import { compareBodies } from '../system/engine-reading/bodies.ts';
import { compareTargets } from '../system/engine-reading/targets.ts';

const seed = chosenSeed();

for (const release of ENGINES.filter(({ store }) => store === 'classic')) {
  describe.runIf(release.available)(release.title, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ name: 'reading', release });
      for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
    });
    afterAll(() => lab?.stop());

    test(`reads create bodies as we do, where we let them through (LOCKKEEPER_SEED=${seed})`, {
      timeout: 300_000,
    }, async () => {
      expect(await compareBodies(lab, 600, seed)).toBeGreaterThan(100);
    });

    test(`takes the routes that we take it to take (LOCKKEEPER_SEED=${seed})`, { timeout: 300_000 }, async () => {
      const { unknown, named } = await compareTargets(lab, 600, seed);
      expect(unknown).toBeGreaterThan(50);
      expect(named).toBeGreaterThan(60);
    });
  });
}
