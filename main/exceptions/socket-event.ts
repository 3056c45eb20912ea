import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';

type SocketEvent = Extract<EventBody, { type: 'socket' }>;

/** What happened to the filtered socket of a container, for the journal. */
export function socketEvent(change: SocketEvent['change'], holder: SocketHolder): EventBody {
  const { key, containerId, image, entry, targets } = holder;
  return { type: 'socket', change, key, containerId, image, entry, targets: [...targets] };
}
