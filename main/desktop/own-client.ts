import { type ClientSession, clientSession } from '../../shared/ipc/client-session.ts';
import type { Channel, ChannelEvents } from '../control/channel.ts';

/** The contract's client for views that are no page: the tray and the notifications. */
export interface OwnClient extends Pick<ClientSession, 'request' | 'subscribe'> {
  close(): void;
}

const ANSWER_MS = 45_000;

/** Asks the service of this very process, as every other client asks it. */
export function ownClient(serve: (channel: Channel) => void): OwnClient {
  let server: ChannelEvents | undefined;
  let isOpen = true;
  // Never within the call that sends: neither side expects an answer before it is done.
  const later = (task: () => void) =>
    queueMicrotask(() => {
      if (isOpen) task();
    });
  const session = clientSession({
    timeoutMs: ANSWER_MS,
    later(task, milliseconds) {
      const timer = setTimeout(task, milliseconds);
      return () => clearTimeout(timer);
    },
    send(frame) {
      later(() => server?.text(frame));
      return isOpen;
    },
  });
  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    session.ended();
    server?.closed();
  }
  serve({
    listen(events) {
      server = events;
    },
    send: (text) => later(() => void session.receive(text)),
    unsent: () => 0,
    isWaiting: () => false,
    pause: () => undefined,
    resume: () => undefined,
    end: close,
  });
  return { request: session.request, subscribe: session.subscribe, close };
}
