import type { HandlersFor } from './handlers-for.ts';
import { silent, unavailable } from './unavailable.ts';

/** The image list with what each entry comes to on this machine. */
export function allowListHandlers(): HandlersFor<'resolveAllowList', 'allowList'> {
  return { requests: { resolveAllowList: unavailable('the resolved allow list') }, pushes: { allowList: silent } };
}
