import { lstat, unlink } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { bindPrivately, isPipe } from '../sockets/bind.ts';
import { serveConnection } from './connection.ts';
import type { Gate } from './gate.ts';
import type { SocketPlaces } from './places.ts';
import { turningAway } from './turn-away.ts';

export interface GateSocket {
  readonly path: string;
  /** Stops accepting; with `cut`, connections in progress end too. */
  close(options: { readonly cut: boolean }): Promise<void>;
}

/** What sun_path holds without its final NUL (unix(7); 104 bytes in all on the BSDs and macOS). */
const MOST_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** Node would cut a longer path and listen there, without a word. */
function checkLength(path: string): void {
  const length = Buffer.byteLength(path);
  if (length <= MOST_PATH_BYTES) return;
  throw new Error(`${path} has ${length} bytes, a socket's path at most ${MOST_PATH_BYTES}; choose a shorter one`);
}

/** Listens at a path for one gate; the socket is for our own user alone. */
export async function listenAt(
  path: string,
  gate: Gate,
  places: SocketPlaces,
  turnAway = turningAway(),
): Promise<GateSocket> {
  if (!isPipe(path)) {
    checkLength(path);
    await clearStale(path);
  }
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const place = places.take(() => socket.destroy());
    if (place === undefined) turnAway(socket);
    else void serveConnection(socket, gate, place);
  });
  await bindPrivately(server, path);
  server.on('error', (error) => gate.failed(error));
  return {
    path,
    async close({ cut }) {
      const closed = new Promise((resolve) => server.close(resolve));
      // With an error, as a reset: of a client that has only ended its side, the engine's answer would be waited for.
      if (cut) for (const socket of open) socket.destroy(new Error('cut'));
      if (cut) await closed;
    },
  };
}

/** Removes the socket file of a process that is gone; anything else at the path is somebody's and stays. */
async function clearStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path} exists and is not a socket; remove it or choose another path`);
  if (await answers(path)) throw new Error(`${path} is in use by another process; stop it or choose another path`);
  await unlink(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
