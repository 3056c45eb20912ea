import type { Socket } from 'node:net';

/** Connections by whether they have shown that they come from a browser that was let in. */
export interface Strangers {
  /** A new connection, of which nothing is known yet. */
  came(socket: Socket): void;
  /** It has shown a valid cookie: what strangers do does not touch it any more. */
  isKnown(socket: Socket): void;
}

/** How many connections there may be of each kind. */
const MOST = 64;

/**
 * Bounds connections so that nobody on this machine can keep its owner out: when there are too many strangers, the one
 * that has said nothing for longest goes, and not the one that comes. A browser has shown its cookie within milliseconds.
 */
export function boundStrangers(): Strangers {
  const strangers = new Set<Socket>();
  const known = new Set<Socket>();
  return {
    came(socket) {
      strangers.add(socket);
      socket.once('close', () => {
        strangers.delete(socket);
        known.delete(socket);
      });
      const [oldest] = strangers;
      if (strangers.size > MOST) oldest?.destroy();
    },
    isKnown(socket) {
      if (!strangers.delete(socket)) return;
      // Whoever has a cookie may be another port of this machine, which browsers send it to as well.
      if (known.size < MOST) known.add(socket);
      else socket.destroy();
    },
  };
}
