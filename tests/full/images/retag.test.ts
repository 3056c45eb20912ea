import { afterAll, beforeAll, describe } from 'vitest';
import { ENGINES, type Lab, startLab } from '../../lab/lab.ts';
import { retagTests } from '../../system/images/retag.ts';

for (const release of ENGINES.filter(({ version }) => version !== '20.10')) {
  describe.runIf(release.available)(`a name proves nothing: ${release.title}`, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ name: 'retag', release });
    });
    afterAll(() => lab?.stop());
    retagTests(() => lab);
  });
}
