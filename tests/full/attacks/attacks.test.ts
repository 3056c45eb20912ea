import { afterAll, beforeAll, describe } from 'vitest';
import { ENGINES, type Lab, PODMAN, startLab } from '../../lab/lab.ts';
import { attackTests } from '../../system/attacks/every-class.ts';
import { chosenSeed } from '../../system/clients/seeded.ts';

const seed = chosenSeed();

for (const release of [...ENGINES, PODMAN]) {
  describe.runIf(release.available)(`attacks: ${release.title} (LOCKKEEPER_SEED=${seed})`, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab(release.version === '20.10' ? { name: 'attacks' } : { name: 'attacks', release });
    });
    afterAll(() => lab?.stop());
    // Podman's starts take a second each, and some of what Docker does it does not.
    const scale = release === PODMAN ? { generated: 5, isPodman: true } : { generated: 15 };
    attackTests(() => lab, { quick: false, seed, ...scale });
  });
}
