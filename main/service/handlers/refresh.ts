import type { HandlersFor } from './handlers-for.ts';
import { silent, unavailable } from './unavailable.ts';

/** Bringing a local image to what the registry has. */
export function refreshHandlers(): HandlersFor<'planRefresh' | 'startRefresh' | 'cancelRefresh', 'refreshes'> {
  const refused = unavailable('refreshing images');
  return {
    requests: { planRefresh: refused, startRefresh: refused, cancelRefresh: refused },
    pushes: { refreshes: silent },
  };
}
