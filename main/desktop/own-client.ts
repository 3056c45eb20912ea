import { type ClientSession, clientSession } from '../../shared/ipc/client-session.ts';
import type { KeptService } from './service-thread/keep-service.ts';

/** The contract's client for views that are no page: the tray and the notifications. */
export interface OwnClient extends Pick<ClientSession, 'request' | 'subscribe'> {
  close(): void;
}

const ANSWER_MS = 45_000;

/** Asks the service as every other client asks it. */
export function ownClient(open: KeptService['open']): OwnClient {
  let isOpen = true;
  const line = open({
    frames(texts) {
      for (const text of texts) session.receive(text);
      line.read(texts.length);
    },
    closed: () => end(),
  });
  const session = clientSession({
    timeoutMs: ANSWER_MS,
    later(task, milliseconds) {
      const timer = setTimeout(task, milliseconds);
      return () => clearTimeout(timer);
    },
    send(frame) {
      if (isOpen) line.frame(frame);
      return isOpen;
    },
  });
  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    session.ended();
  }
  return {
    request: session.request,
    subscribe: session.subscribe,
    close() {
      line.close();
      end();
    },
  };
}
