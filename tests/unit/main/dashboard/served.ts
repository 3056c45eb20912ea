import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientOptions, WebSocket } from 'ws';
import { openDashboard } from '../../../../main/dashboard/dashboard.ts';
import type { OpenLine } from '../../../../renderer/connection/reconnecting.ts';
import { type ClientSession, clientSession } from '../../../../shared/ipc/client-session.ts';
import type { ControlHandlers } from '../../../../shared/ipc/contract.ts';

/** A dashboard with a browser that came by a link. */
export interface Served {
  readonly port: number;
  readonly visitor: Visitor;
  link(): string;
  /** A WebSocket to the contract as our own page opens it; options stand in for its headers. */
  socket(options?: ClientOptions): WebSocket;
  close(): Promise<void>;
}

/** Serves the handlers on a free port, with a window of one line. */
export async function served(handlers: ControlHandlers): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-window-'));
  await writeFile(join(folder, 'index.html'), 'the window');
  const opened = await openDashboard({ port: 0, version: '1.2.3', handlers, record: () => undefined, folder });
  await rm(folder, { recursive: true });
  if (!opened.ok) throw new Error(opened.message);
  const { port, link, close } = opened.dashboard;
  const visitor = await visitorOf(link());
  const sockets = new Set<WebSocket>();
  return {
    port,
    visitor,
    link,
    socket(options = {}) {
      const socket = pageSocket(port, visitor, options);
      sockets.add(socket.on('error', () => undefined));
      return socket;
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      await close();
    },
  };
}

/** What a browser that came by a link has: the cookie as it sends it back, and what its page keeps. */
export interface Visitor {
  readonly cookie: string;
  readonly proof: string;
}

/** Opens a link as a browser does. */
async function visitorOf(link: string): Promise<Visitor> {
  const asked = request(link).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  return visitorBy(answer.headers);
}

export function visitorBy(headers: IncomingHttpHeaders): Visitor {
  const proof = headers.location?.match(/^\/#proof=([\w-]{43})$/)?.[1] ?? '';
  return { cookie: String(headers['set-cookie']).replace(/;.*/, ''), proof };
}

/** A WebSocket as our own page opens it in the visitor's browser. */
export function pageSocket(port: number, { cookie, proof }: Visitor, options: ClientOptions = {}): WebSocket {
  const origin = `http://127.0.0.1:${port}`;
  return new WebSocket(`ws://127.0.0.1:${port}/contract`, ['lockkeeper', proof], {
    origin,
    headers: { cookie },
    ...options,
  });
}

/** Resolves to the close code of a WebSocket that was opened, or to the status by which it was refused. */
export async function fate(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, { statusCode }) => {
      resolve(`refused ${statusCode}`);
      socket.terminate();
    });
    socket.on('close', (code) => resolve(`closed ${code}`));
  });
}

/** The asking end of the contract on a WebSocket, once it is greeted. */
export function sessionOver(socket: WebSocket): Promise<ClientSession> {
  return sessionFrom(({ frame, closed }) => {
    socket.on('message', (data) => frame(String(data)));
    socket.on('close', () => closed(false));
    return {
      send(text) {
        socket.send(text);
        return socket.readyState === WebSocket.OPEN;
      },
      close: () => socket.close(),
    };
  });
}

/** The same on a line as the window opens it. */
export async function sessionFrom(openLine: OpenLine): Promise<ClientSession> {
  let session: ClientSession | undefined;
  const line = openLine({ frame: (text) => session?.receive(text), closed: () => session?.ended() });
  session = clientSession({
    timeoutMs: 10_000,
    later(task, milliseconds) {
      const timer = setTimeout(task, milliseconds);
      return () => clearTimeout(timer);
    },
    send: line.send,
  });
  await session.greeting;
  return session;
}
