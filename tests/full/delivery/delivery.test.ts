import { afterAll, beforeAll, describe } from 'vitest';
import { ENGINES, type Lab, startLab } from '../../lab/lab.ts';
import { askingClients } from '../../system/delivery/clients.ts';
import { everyRow } from '../../system/delivery/every-row.ts';
import { interrupted } from '../../system/delivery/interrupted.ts';
import { sharing } from '../../system/delivery/sharing.ts';

/** The same as on the system's engine in tests/system/delivery, on all of them. */
for (const release of ENGINES) {
  describe.runIf(release.available)(release.title, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ name: 'delivery', release });
    });
    afterAll(() => lab?.stop());

    describe('every row', () => everyRow(() => lab));
    describe('sharing', () => sharing(() => lab));
    describe('clients', () => askingClients(() => lab));
    describe('interrupted', () => interrupted(() => lab));
  });
}
