import { ANSWER_CAP, type Answer, type ControlError, type ServerFrame, UNREAD_CAP } from '../../shared/ipc/contract.ts';
import type { Channel } from './channel.ts';

/** What goes to one client, bounded by what the client reads. */
export interface Outbox {
  send(frame: ServerFrame): void;
  /** Answers a request; one beyond the cap becomes an error. While the client leaves too much unread, we read no more from it. */
  answer(id: number, result: Answer<unknown>): void;
  /** Whether a push would be sent as far as what is unread says: before work is put into one that is left out. */
  hasRoom(): boolean;
  /** Sends a push of a JSON text unless too much is unread or it is beyond the cap; says whether it was sent. */
  push(id: number, value: string): boolean;
  /** Whether a drain will follow. */
  isWaiting(): boolean;
}

/** The outbox of a connection. */
export function createOutbox(channel: Channel): Outbox {
  const hasRoom = () => channel.unsent() <= UNREAD_CAP;
  function answer(id: number, result: Answer<unknown>): void {
    const text = JSON.stringify({ id, answer: result });
    if (Buffer.byteLength(text) > ANSWER_CAP) {
      answer(id, failure('too-large', 'the answer is too large: ask for less'));
      return;
    }
    channel.send(text);
    if (!hasRoom()) {
      channel.pause();
    }
  }

  return {
    send: (frame) => channel.send(JSON.stringify(frame)),
    answer,
    hasRoom,
    push(id, value) {
      const text = `{"push":${id},"value":${value}}`;
      if (!hasRoom() || Buffer.byteLength(text) > ANSWER_CAP) {
        return false;
      }
      channel.send(text);
      return true;
    },
    isWaiting: channel.isWaiting,
  };
}

/** A named error as an answer. */
export function failure(name: ControlError['name'], message: string): Answer<never> {
  return { ok: false, error: { name, message } };
}
