import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ControlHandlers, MOST_CLIENTS, REQUEST_CAP } from '../../shared/ipc/contract.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { type Greeting, serveConnection } from '../control/connection.ts';
import { builtRenderer, loadAssets } from '../window-files/assets.ts';
import { refuseUpgrade, send } from './answers.ts';
import type { Refusal } from './refusal.ts';
import { answerTo, refusedUpgrade } from './requests.ts';
import { boundStrangers, type Strangers } from './strangers.ts';
import { createVisitors, type Visitors } from './visitors.ts';
import { webSocketChannel } from './websocket-channel.ts';

/** The window while it is served to browsers. */
export interface Dashboard {
  readonly port: number;
  /** A link that lets one browser in, once. */
  link(): string;
  /** Ends all connections. */
  close(): Promise<void>;
}

export type DashboardResult =
  | { readonly ok: true; readonly dashboard: Dashboard }
  | { readonly ok: false; readonly message: string };

export interface DashboardOptions {
  /** On 127.0.0.1; 0 for any that is free. */
  readonly port: number;
  /** Version of the program, for the greeting. */
  readonly version: string;
  /** Names the run; see Greeting. */
  readonly run?: string;
  readonly handlers: ControlHandlers;
  readonly record: (event: EventBody) => void;
  /** The built window; the one beside this bundle, unless a test has its own. */
  readonly folder?: string;
}

const ADDRESS = '127.0.0.1';
/** Pages that are told with a code that they are not known; more at once are refused without one. */
const MOST_TURNED_AWAY = 8;
/** A browser on the same machine has sent its request at once; slower ones only hold connections. */
const TIME_LIMITS = { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 } as const;

/** `closeTimeout`: milliseconds that a client has to answer our closing before it is cut off. */
const WEB_SOCKET_LIMITS = { maxPayload: REQUEST_CAP, closeTimeout: 2_000 } as const;

/** Serves the built window and the contract to browsers on this machine that came by a link. */
export async function openDashboard(options: DashboardOptions): Promise<DashboardResult> {
  const loaded = await loadAssets(options.folder ?? builtRenderer());
  if (!loaded.ok) return loaded;
  const server = createServer({ ...TIME_LIMITS, connectionsCheckingInterval: 1_000, maxHeaderSize: 8 * 1024 });
  try {
    await listen(server, options.port);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `the window cannot be served at ${ADDRESS}:${options.port} (${reason}): choose another port`;
    return { ok: false, message };
  }
  // Listening on an address and port, it has them; the type also covers pipes.
  const { port } = server.address() as AddressInfo;
  const visitors = createVisitors({ port, record: options.record });
  const strangers = boundStrangers();
  server.on('connection', strangers.came);
  server.on('clientError', (error, stream) => refuseUpgrade(stream, unreadable(error)));
  server.on('request', (request, response) => {
    if (visitors.isKnown(request.headersDistinct)) strangers.isKnown(request.socket);
    send(response, answerTo(request, { port, visitors, assets: loaded.assets }));
  });
  const endContract = serveContract(server, { port, visitors, strangers }, options);
  const dashboard: Dashboard = {
    port,
    link: () => `http://${ADDRESS}:${port}/?token=${visitors.token()}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      endContract();
      server.closeAllConnections();
      await closed;
    },
  };
  return { ok: true, dashboard };
}

interface Door {
  readonly port: number;
  readonly visitors: Visitors;
  readonly strangers: Strangers;
}

/** Serves the contract on WebSockets; returns what ends them. */
function serveContract(server: Server, { port, visitors, strangers }: Door, options: DashboardOptions): () => void {
  const webSockets = new WebSocketServer({ ...WEB_SOCKET_LIMITS, noServer: true, perMessageDeflate: false });
  const ours = new Set<WebSocket>();
  webSockets.on('wsClientError', (error, stream) => refuseUpgrade(stream, unreadable(error)));
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => undefined);
    const isOurs = visitors.isOurPage(request.headersDistinct);
    const turnedAway = webSockets.clients.size - ours.size;
    const crowd = isOurs ? crowded(ours.size, MOST_CLIENTS) : crowded(turnedAway, MOST_TURNED_AWAY);
    const refusal = refusedUpgrade(request, { port, visitors }, isOurs) ?? crowd;
    if (refusal !== undefined) {
      refuseUpgrade(stream, refusal);
      return;
    }
    if (isOurs) strangers.isKnown(request.socket);
    webSockets.handleUpgrade(request, stream, head, (webSocket) => {
      const channel = webSocketChannel(webSocket, stream);
      if (!isOurs) return channel.refuse();
      ours.add(webSocket);
      webSocket.once('close', () => ours.delete(webSocket));
      serveConnection(channel, options.handlers, greetingOf(options));
    });
  });
  return () => {
    for (const webSocket of webSockets.clients) webSocket.terminate();
  };
}

function crowded(open: number, most: number): Refusal | undefined {
  return open < most ? undefined : { status: 429, message: `${most} windows are open: close one` };
}

/** What Node and ws say of heads and handshakes that they cannot read; their own answers have no security headers. */
function unreadable(error: Error & { readonly code?: string }): Refusal {
  if (error.code === 'HPE_HEADER_OVERFLOW') return { status: 431, message: 'the head of the request is too large' };
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, message: 'the request did not come in time' };
  return { status: 400, message: 'the request cannot be read' };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, ADDRESS, resolve);
  });
  server.removeAllListeners('error');
  // Running out of file descriptors must not end the process: browsers see their connection refused.
  server.on('error', () => undefined);
}

function greetingOf({ version, run }: DashboardOptions): Greeting {
  return run === undefined ? { version } : { version, run };
}
