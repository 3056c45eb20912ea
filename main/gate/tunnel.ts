import type { Socket } from 'node:net';
import { endThrough, writeThrough } from './byte-sink.ts';
import type { ByteSource } from './byte-source.ts';

interface Side {
  readonly socket: Socket;
  readonly source: ByteSource;
}

/** How long an engine that has said its last word may leave input waiting. */
const PATIENCE_MS = 60_000;

/**
 * Carries a hijacked stream in both directions until both are over. Each direction ends by itself (half-close):
 * `echo x | docker run -i` sends its end of input long before the output is complete, and `yes | docker run -i` is
 * still sending when the engine takes nothing any more and its last output is on the way.
 */
export async function tunnel(client: Side, engine: Side, patienceMs = PATIENCE_MS): Promise<void> {
  const input = carry(client, engine);
  await carry(engine, client);
  const stall = watchForStall(engine.socket, patienceMs);
  await Promise.race([input, stall.found]);
  stall.stop();
}

async function carry(from: Side, to: Side): Promise<void> {
  for (;;) {
    const bytes = await from.source.read();
    if (bytes === undefined) return endThrough(to.socket);
    if (!(await writeThrough(to.socket, bytes))) return;
  }
}

/**
 * Finds out that what was written has not moved for so long. Engines up to 20.10 at least keep an attached connection
 * whose input nobody reads any more, for ever; while our buffers are full we cannot even see that the client is gone.
 */
function watchForStall(socket: Socket, patienceMs: number) {
  let stop = () => {};
  const found = new Promise<void>((resolve) => {
    let moved = -1;
    const timer = setInterval(() => {
      const now = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength > 0 && now === moved) resolve();
      moved = now;
    }, patienceMs / 2);
    stop = () => clearInterval(timer);
  });
  return { found, stop: () => stop() };
}
