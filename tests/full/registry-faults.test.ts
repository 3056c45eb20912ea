import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, type Lab, OTHER_REGISTRIES, startLab } from '../lab/lab.ts';
import { startAsking } from '../system/images/asking.ts';
import { faultsAreNamed, frontOf, publishEverywhere } from '../system/images/registry-faults.ts';

const { open } = OTHER_REGISTRIES;

describe.each(ENGINES)('registries in front of $title', (release) => {
  describe.runIf(release.available)('that is here', () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await startLab({ name: 'faults', release, otherRegistries: true });
      await publishEverywhere(lab);
    });
    afterAll(() => lab?.stop());

    faultsAreNamed(() => lab);

    it('names one that is silent, when the engine has given it up, too', async () => {
      const asking = await startAsking(lab);
      let heard: () => void = () => undefined;
      const answered = new Promise<void>((resolve) => {
        heard = resolve;
      });
      frontOf(lab).behave(open, () => undefined);
      try {
        const unlisten = asking.resolver.onAnswer(() => heard());
        expect(await asking.ask(open)).toMatchObject({ trouble: 'silent', why: expect.stringContaining('10 s') });
        await answered;
        unlisten();
        const { last } = asking.resolver.standing({ registry: open, path: 'a/b' }, ':1');
        expect(last?.answer).toMatchObject({ trouble: 'silent' });
      } finally {
        frontOf(lab).behave(open, undefined);
        await asking.close();
      }
    });
  });
});
