import type { HandlersFor } from './handlers-for.ts';
import { unavailable } from './unavailable.ts';

/** Checks of the machine, and what can be done about them. */
export function setUpHandlers(): HandlersFor<'checkSetUp' | 'setUp'> {
  const refused = unavailable('the check of the set-up');
  return { requests: { checkSetUp: refused, setUp: refused }, pushes: {} };
}
