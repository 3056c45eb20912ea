import { afterAll, beforeAll, describe } from 'vitest';
import { ENGINES, type Lab, startLab } from '../../lab/lab.ts';
import { attackTests } from '../../system/attacks/every-class.ts';
import { chosenSeed } from '../../system/clients/seeded.ts';

const seed = chosenSeed();

for (const release of ENGINES) {
  describe.runIf(release.available)(`attacks: ${release.title} (LOCKKEEPER_SEED=${seed})`, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab(release.version === '20.10' ? { name: 'attacks' } : { name: 'attacks', release });
    });
    afterAll(() => lab?.stop());
    attackTests(() => lab, { quick: false, generated: 15, seed });
  });
}
