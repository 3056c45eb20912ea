import type { HandlersFor } from './handlers-for.ts';
import { unavailable } from './unavailable.ts';

/** Changes of the user's settings file that let something through. */
export function policyChangeHandlers(): HandlersFor<'suggestChange' | 'proposeChange' | 'applyChange'> {
  const refused = unavailable('changing the policy');
  return { requests: { suggestChange: refused, proposeChange: refused, applyChange: refused }, pushes: {} };
}
