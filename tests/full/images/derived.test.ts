import { afterAll, beforeAll, describe } from 'vitest';
import { ENGINES, type Lab, startLab } from '../../lab/lab.ts';
import { buildFlowTests } from '../../system/images/build-flows.ts';
import { derivedTests } from '../../system/images/derived.ts';

for (const release of ENGINES.filter(({ version }) => version !== '20.10')) {
  describe.runIf(release.available)(`derived images: ${release.title}`, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ name: 'derived', release });
    });
    afterAll(() => lab?.stop());
    derivedTests(() => lab, release.store);
    describe('tools that build what they run', () => buildFlowTests(() => lab));
  });
}
