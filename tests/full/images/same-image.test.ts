import { afterAll, beforeAll, describe } from 'vitest';
import { ENGINES, type Lab, startLab } from '../../lab/lab.ts';
import { sameImageTests } from '../../system/images/same-image.ts';

for (const release of ENGINES.filter(({ version }) => version !== '20.10')) {
  describe.runIf(release.available)(`what counts as the same image: ${release.title}`, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ name: 'same', release });
    });
    afterAll(() => lab?.stop());
    sameImageTests(() => lab, release.store);
  });
}
