import type { Socket } from 'node:net';

/** Bytes held back for a slow taker before the socket is paused. */
const HIGH_WATER = 256 * 1024;
/** What a piece costs beside its bytes, however few: pieces of one byte would otherwise be held by the hundred thousand. */
const PIECE = 256;

/**
 * A socket's incoming bytes, pulled by one taker at a time. Reading ahead goes on while nobody pulls, up to a bound, so
 * that an abort of the peer is noticed while we wait for the other side.
 */
export interface ByteSource {
  /** The next bytes, or undefined at the end of the stream or when the socket is gone. */
  read(): Promise<Buffer | undefined> | Buffer | undefined;
  /** Puts back bytes that were read too far; they come first at the next read. */
  unread(bytes: Buffer): void;
  /** Whether the next read has bytes to give at once. */
  holdsBytes(): boolean;
  /** Whether the peer has finished sending and everything sent was read. */
  ended(): boolean;
}

export function byteSource(socket: Socket): ByteSource {
  const queue: Buffer[] = [];
  let queued = 0;
  let finished = false;
  let waiting: ((bytes: Buffer | undefined) => void) | undefined;

  const give = (bytes: Buffer | undefined) => {
    const taker = waiting;
    waiting = undefined;
    taker?.(bytes);
  };
  const finish = () => {
    finished = true;
    give(undefined);
  };
  socket.on('data', (bytes: Buffer) => {
    if (waiting !== undefined) return give(bytes);
    queue.push(bytes);
    queued += bytes.length + PIECE;
    if (queued > HIGH_WATER) socket.pause();
  });
  socket.once('end', finish);
  socket.once('close', finish);

  const take = (): Buffer | undefined => {
    const bytes = queue.shift();
    if (bytes === undefined) return undefined;
    queued -= bytes.length + PIECE;
    if (queued <= HIGH_WATER && socket.isPaused()) socket.resume();
    return bytes;
  };

  return {
    read() {
      if (queue.length > 0 || finished) return take();
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    unread(bytes) {
      if (bytes.length === 0) return;
      queue.unshift(bytes);
      queued += bytes.length + PIECE;
    },
    holdsBytes: () => queue.length > 0,
    ended: () => finished && queue.length === 0,
  };
}
