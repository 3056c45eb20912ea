import { lstat, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { type ControlHandlers, MOST_CLIENTS } from '../../shared/ipc/contract.ts';
import { bindPrivately, isPipe } from '../sockets/bind.ts';
import { serveConnection } from './connection.ts';
import { socketChannel } from './socket-channel.ts';

/** The control socket while it is served. */
export interface ControlServer {
  readonly path: string;
  /** Ends all connections and removes the socket. */
  close(): Promise<void>;
}

export type ControlServerResult =
  | { readonly ok: true; readonly server: ControlServer }
  | { readonly ok: false; readonly message: string };

export interface ControlServerOptions {
  /** A unix socket, or a named pipe on Windows. Whoever calls holds the state folder's instance lock. */
  readonly path: string;
  /** Version of the program, for the greeting. */
  readonly version: string;
  /** Names the run; see Greeting. */
  readonly run?: string;
  readonly handlers: ControlHandlers;
}

/** Serves the contract on the control socket (for our own user alone). A socket that a dead instance left there is replaced. */
export async function serveControl({
  path,
  version,
  run,
  handlers,
}: ControlServerOptions): Promise<ControlServerResult> {
  const obstacle = await clearPath(path);
  if (obstacle !== undefined) {
    return { ok: false, message: obstacle };
  }
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
    serveConnection(socketChannel(socket), handlers, { version, ...(run !== undefined && { run }) });
  });
  server.maxConnections = MOST_CLIENTS;
  try {
    await bindPrivately(server, path);
    // Running out of file descriptors must not end the process: clients see their connection refused.
    server.on('error', () => undefined);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `the control socket ${path} cannot be opened: ${reason}` };
  }
  return { ok: true, server: { path, close: () => close(server, clients) } };
}

async function clearPath(path: string): Promise<string | undefined> {
  if (isPipe(path)) {
    return undefined;
  }
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && !found.isSocket()) {
    return `${path} is not a socket: move it away, Lockkeeper puts its control socket there`;
  }
  await rm(path, { force: true });
  return undefined;
}

async function close(server: Server, clients: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const client of clients) {
    client.destroy();
  }
  await closed;
}
