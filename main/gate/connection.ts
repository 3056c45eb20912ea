import type { Socket } from 'node:net';
import { requestRefused } from '../../shared/messages/refusal.ts';
import { endThrough } from './byte-sink.ts';
import { byteSource } from './byte-source.ts';
import { type AfterExchange, type ClientSide, reply } from './client-side.ts';
import { engineSide } from './engine-side.ts';
import { exchange } from './exchange.ts';
import type { Gate } from './gate.ts';
import type { Place } from './places.ts';

/** How long a client may go on sending after it got our last word, before the connection is cut. */
const LINGER_MS = 10_000;

/** Serves one client connection: exchange after exchange, in the order of the requests. */
export async function serveConnection(socket: Socket, gate: Gate, place: Place): Promise<void> {
  socket.once('close', () => place.free());
  const client: ClientSide = { socket, source: byteSource(socket), place };
  const engine = engineSide(gate.connectEngine, () => socket.end());
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    // After a clean end on both sides, what the client sent may still be on its way to the engine.
    if (socket.errored || !socket.readableEnded) engine.destroy();
  });
  let written = 0;
  try {
    let after: AfterExchange = 'next';
    while (after === 'next') {
      written = socket.bytesWritten;
      after = await exchange(client, engine, gate);
    }
    engine.destroy();
    if (after === 'finished') await linger(client);
  } catch (error) {
    gate.failed(error);
    if (socket.bytesWritten === written) await apologize(client);
  } finally {
    engine.destroy();
    await endThrough(socket);
    socket.destroy();
  }
}

/** The answer to a request at which we failed and of whose answer nothing has gone out. */
async function apologize(client: ClientSide): Promise<void> {
  const message = requestRefused('this request failed inside Lockkeeper; its log says how');
  await reply(client, { status: 500, message }, { method: '', closes: true });
  await linger(client);
}

/**
 * Says our end and takes what the client is still sending. Closing at once would reset the connection, and the client
 * could lose the answer while it is in the middle of its body (RFC 9112 §9.6).
 */
async function linger({ socket, source, place }: ClientSide): Promise<void> {
  place.waiting();
  let deadline: NodeJS.Timeout | undefined;
  // The client may take its time to read; only once it has everything does its sending have to end.
  const limit = endThrough(socket).then(() => {
    deadline = setTimeout(() => socket.destroy(), LINGER_MS);
  });
  while ((await source.read()) !== undefined);
  await limit;
  clearTimeout(deadline);
}
