import { connect } from 'node:net';

/** One connection, on which exactly the bytes go that an attack wants. */
export interface Conversation {
  write(bytes: string | Uint8Array): void;
  /** Says that nothing more comes from us. */
  end(): void;
  /** Everything so far, as soon as it holds the text; also when the other side ends or is silent before. */
  until(text: string): Promise<string>;
  /** Everything up to the end of the connection, or to a silence. */
  rest(): Promise<string>;
  destroy(): void;
}

/**
 * Bytes are latin1 in texts, both ways. Never rejects: to be cut off is an answer, too. A silence of `silenceMs` counts as
 * the end: the other side waits for more of us.
 */
export function converse(socketPath: string, silenceMs: number): Conversation {
  const socket = connect({ path: socketPath, allowHalfOpen: true });
  let held = '';
  let over = false;
  let wake = () => {};
  socket.setTimeout(silenceMs);
  socket.on('data', (bytes: Buffer) => {
    held += bytes.toString('latin1');
    wake();
  });
  for (const event of ['end', 'close', 'error', 'timeout']) {
    socket.on(event, () => {
      over = true;
      wake();
    });
  }
  const read = async (isEnough: () => boolean): Promise<string> => {
    while (!over && !isEnough()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return held;
  };
  return {
    write: (bytes) => void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    end: () => void socket.end(),
    until: (text) => read(() => held.includes(text)),
    rest: () => read(() => false),
    destroy: () => void socket.destroy(),
  };
}
