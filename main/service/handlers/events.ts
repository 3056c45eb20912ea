import { matchesFilter } from '../../../shared/journal/filter.ts';
import type { Journal } from '../../journal/journal.ts';
import type { HandlersFor } from './handlers-for.ts';

/** What was asked and what became of it: the past from the ring, then as it happens. */
export function eventHandlers(journal: Journal): HandlersFor<'recentEvents', 'event'> {
  return {
    requests: {
      recentEvents: (filter) => ({ ok: true, value: { run: journal.run, events: [...journal.recent(filter)] } }),
    },
    pushes: {
      event: (filter, push) => {
        const forward = (event: Parameters<typeof push>[0]) => {
          if (matchesFilter(event, filter)) push(event);
        };
        return journal.subscribe(forward, filter.from === undefined ? {} : { from: filter.from });
      },
    },
  };
}
