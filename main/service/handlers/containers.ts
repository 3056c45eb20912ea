import type { HandlersFor } from './handlers-for.ts';
import { silent, unavailable } from './unavailable.ts';

/** Who holds a socket, filtered or raw. */
export function containerHandlers(): HandlersFor<'cutOff', 'containers'> {
  return { requests: { cutOff: unavailable('cutting a container off') }, pushes: { containers: silent } };
}
