import { afterAll, beforeAll, describe } from 'vitest';
import { ENGINES, type Lab } from '../../lab/lab.ts';
import { remapped } from '../../system/delivery/remapped.ts';
import { startRemappedLab } from '../../system/delivery/remapped-lab.ts';

for (const release of ENGINES) {
  describe.runIf(release.available)(release.title, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startRemappedLab(release);
    });
    afterAll(() => lab?.stop());
    remapped(() => lab);
  });
}
