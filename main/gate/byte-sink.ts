import type { Socket } from 'node:net';

/** Writes and waits until the socket wants more; false when it takes nothing any more. */
export function writeThrough(socket: Socket, bytes: Uint8Array): boolean | Promise<boolean> {
  if (!socket.writable) return false;
  // A write that the system took at once leaves nothing to wait for, however large it was.
  if (socket.write(bytes) || socket.writableLength === 0) return socket.writable;
  return settled(socket, 'drain');
}

/** Ends our direction and waits until what was written is out, or nobody takes it any more. */
export async function endThrough(socket: Socket): Promise<void> {
  if (socket.destroyed || socket.writableFinished) return;
  socket.end();
  await settled(socket, 'finish');
}

/** Waits for an event, or for the end of writing by whatever cause; whether the socket takes more. */
function settled(socket: Socket, event: 'drain' | 'finish'): Promise<boolean> {
  // An ended socket emits no drain any more.
  const events = new Set([event, 'finish', 'close']);
  return new Promise((resolve) => {
    const settle = () => {
      for (const name of events) socket.off(name, settle);
      resolve(socket.writable);
    };
    for (const name of events) socket.once(name, settle);
  });
}

type Written = (error?: Error | null) => void;

/**
 * Makes a failed write end our direction only. Node destroys the whole socket, and what the peer said before it closed
 * would be lost unread: the output of `yes | docker run -i alpine head -1`, an error in answer to half an upload.
 */
export function outliveBrokenPipe(socket: Socket): void {
  const endingOnFailure =
    (written: Written): Written =>
    (error) => {
      written();
      // Not at once: an end from within a write of several buffers never finishes.
      if (error) process.nextTick(() => socket.end());
    };
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, written) => write(chunk, encoding, endingOnFailure(written));
  const writev = socket._writev?.bind(socket);
  if (writev) socket._writev = (chunks, written) => writev(chunks, endingOnFailure(written));
}
