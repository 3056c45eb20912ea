import { failure } from '../../control/outbox.ts';
import type { Refreshes } from '../../refresh/refresh.ts';
import { liveValue } from '../live-value.ts';
import type { HandlersFor } from './handlers-for.ts';

/** Bringing local images to what their registries have. */
export function refreshHandlers(
  refreshes: Refreshes,
): HandlersFor<'planRefresh' | 'startRefresh' | 'cancelRefresh', 'refreshes'> {
  const live = liveValue({ read: () => [...refreshes.current()], watch: refreshes.onChange });
  return {
    requests: {
      planRefresh: async ({ image }) => ({ ok: true, value: await refreshes.plan(image) }),
      startRefresh({ image, containers }) {
        const started = refreshes.start(image, containers);
        if (started !== undefined) return { ok: true, value: started };
        return failure('busy', 'too many images are being refreshed: wait until some are done, and try again');
      },
      cancelRefresh({ id }) {
        const cancelled = refreshes.cancel(id);
        if (cancelled !== undefined) return { ok: true, value: cancelled };
        return failure('invalid-request', 'there is no such refresh any more: it has ended');
      },
    },
    pushes: { refreshes: (_, push) => live.subscribe(push) },
  };
}
