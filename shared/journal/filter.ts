import { z } from 'zod';
import type { JournalEvent } from './event.ts';

/** Most events that one question is answered with. */
export const MOST_RECENT_EVENTS = 1000;

export const eventTypes = ['decision', 'socket', 'policy', 'lifecycle'] as const;
export const eventOutcomes = ['passed', 'refused', 'granted', 'observed'] as const;

/** Which events somebody wants; an absent field does not narrow. */
export const eventFilterSchema = z.strictObject({
  types: z.array(z.enum(eventTypes)).max(8).optional(),
  /** Narrows decisions only: events of other types have no outcome and are left out when this is set. */
  outcomes: z.array(z.enum(eventOutcomes)).max(8).optional(),
  /** True leaves out what most people do not look for: requests that simply passed. */
  withoutPassed: z.boolean().optional(),
  /** The ID, or its beginning, of a container that asked or that was given a socket. */
  container: z.string().min(1).max(128).optional(),
  /** Only events with this number and later ones. */
  from: z.number().int().nonnegative().optional(),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

/** Whether the event is one that the filter asks for. */
export function matchesFilter(event: JournalEvent, filter: EventFilter): boolean {
  if (filter.from !== undefined && event.sequence < filter.from) {
    return false;
  }
  if (filter.types !== undefined && !filter.types.includes(event.type)) {
    return false;
  }
  const outcome = event.type === 'decision' ? event.outcome : undefined;
  if (filter.withoutPassed === true && isPlainPass(event)) {
    return false;
  }
  if (filter.outcomes !== undefined && (outcome === undefined || !filter.outcomes.includes(outcome))) {
    return false;
  }
  return filter.container === undefined || (containerOf(event)?.startsWith(filter.container) ?? false);
}

/** Whether it is a request that went on and that nobody need know of. */
export function isPlainPass(event: JournalEvent): boolean {
  return event.type === 'decision' && event.outcome === 'passed' && event.escapes === undefined;
}

/** The container that an event is about: the one that asked, or the one that was given a socket. */
export function containerOf(event: JournalEvent): string | undefined {
  if (event.type === 'decision') {
    return event.caller.containerId;
  }
  return event.type === 'socket' ? event.containerId : undefined;
}
