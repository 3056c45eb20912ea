import type { Socket } from 'node:net';
import { requestRefused } from '../../shared/messages/refusal.ts';
import { answerBytes } from './answer.ts';

/** Clients that are being told at once; beyond it, the one that was told first is cut. */
export const MOST_TOLD = 32;
/** How long a client may take to send what nobody reads, before it is cut. */
const TOLD_MS = 10_000;

/**
 * Tells clients that there is no place for them. Their connection is closed on our side only at first: otherwise a client
 * that has not sent its request yet would learn of a broken pipe, and not why (RFC 9112 §9.6). What that may take of us is
 * bounded, since there is no place for them.
 */
export function turningAway(): (socket: Socket) => void {
  const told = new Set<Socket>();
  const message = requestRefused(
    'this socket has as many connections as it may have, all of them busy; try again later',
  );
  return (socket) => {
    const [first] = told;
    if (told.size >= MOST_TOLD) first?.destroy();
    told.add(socket);
    const deadline = setTimeout(() => socket.destroy(), TOLD_MS);
    socket.once('close', () => {
      clearTimeout(deadline);
      told.delete(socket);
    });
    for (const over of ['end', 'error']) socket.once(over, () => socket.destroy());
    socket.resume();
    socket.end(answerBytes({ status: 503, message }, { method: '', closes: true }));
  };
}
