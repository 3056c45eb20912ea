import { failure } from '../../control/outbox.ts';
import type { SetUpWatch } from '../../set-up/set-up.ts';
import type { HandlersFor } from './handlers-for.ts';

/** Checks of the machine, and what can be done about them. */
export function setUpHandlers(setUp: Pick<SetUpWatch, 'check' | 'act'>): HandlersFor<'checkSetUp' | 'setUp'> {
  return {
    requests: {
      checkSetUp: async () => ({ ok: true, value: await setUp.check() }),
      async setUp({ action }) {
        const done = await setUp.act(action);
        return typeof done === 'string' ? failure('unavailable', done) : { ok: true, value: done };
      },
    },
    pushes: {},
  };
}
