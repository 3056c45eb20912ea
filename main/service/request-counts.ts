import type { RequestCounts } from '../../shared/ipc/status.ts';
import type { DecisionEvent, JournalEvent } from '../../shared/journal/event.ts';
import type { Journal } from '../journal/journal.ts';

/** Counts what became of requests, by who asked. */
export interface RequestCounting {
  of(caller: DecisionEvent['caller']): RequestCounts;
  close(): void;
}

const none: RequestCounts = { passed: 0, refused: 0, granted: 0, observed: 0 };

/** Counts what the ring still holds, and from now on. A container's count goes with its socket, so that what is kept does not grow. */
export function countRequests(journal: Pick<Journal, 'subscribe'>): RequestCounting {
  const counts = new Map<string, RequestCounts>();
  const add = (event: JournalEvent) => {
    if (event.type === 'decision') {
      const key = keyOf(event.caller);
      const before = counts.get(key) ?? none;
      counts.set(key, { ...before, [event.outcome]: before[event.outcome] + 1 });
    } else if (event.type === 'socket' && event.change === 'removed') {
      counts.delete(keyOf({ listener: 'container-socket', containerId: event.containerId }));
    }
  };
  const close = journal.subscribe(add, { from: 0 });
  return { of: (caller) => counts.get(keyOf(caller)) ?? none, close };
}

function keyOf({ listener, socket = '', containerId = '' }: DecisionEvent['caller']): string {
  return `${listener} ${socket}${containerId}`;
}
