import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Certificate } from './certificates.ts';
import { listenInside } from './listen-inside.ts';

/** What becomes of a request: answered, cut, left waiting, or passed on to the real registry. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, pass: () => void) => void;

/** One request as it came to the front. */
export interface FrontRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** Stands between the engine and real registries, and does to their answers what networks and load balancers do. */
export interface RegistryFront {
  /** From now on; undefined: everything is passed on again. Connections and requests that wait are cut. */
  behave(host: string, behaviour: Behaviour | undefined): void;
  /** What was asked of a host since the last `forget`. */
  requests(host: string): readonly FrontRequest[];
  forget(): void;
  stop(): void;
}

export interface FrontHost {
  readonly certificate: Certificate;
  /** The Unix socket of the real registry. */
  readonly registry: string;
  /** Answers these paths itself. */
  readonly own?: {
    readonly path: string;
    readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  };
}

export interface FrontSettings {
  readonly netns: string;
  /** Where TLS is spoken, at port 443. */
  readonly address: string;
  /** Where plain HTTP is spoken, at the same port: a registry that was set up without a certificate. */
  readonly plainAddress: string;
  readonly hosts: Readonly<Record<string, FrontHost>>;
}

export async function registryFront({ netns, address, plainAddress, hosts }: FrontSettings): Promise<RegistryFront> {
  const behaviours = new Map<string, Behaviour>();
  const requests: FrontRequest[] = [];
  const waiting = new Set<ServerResponse>();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const host = request.headers.host ?? '';
    const { method = '', url = '', headers } = request;
    requests.push({ host, method, path: url, authorization: headers.authorization });
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
    const to = hosts[host];
    const pass = (): void => {
      if (to === undefined) response.writeHead(421).end();
      else if (to.own !== undefined && url.split('?')[0] === to.own.path) to.own.answer(request, response);
      else passOn(request, response, to.registry);
    };
    (behaviours.get(host) ?? ((_request, _response, on) => on()))(request, response, pass);
  };
  const contexts = new Map(Object.entries(hosts).map(([name, one]) => [name, createSecureContext(one.certificate)]));
  const tls = createTlsServer({ SNICallback: (name, done) => done(null, contexts.get(name)) }, handle);
  const plain = createServer(handle);
  const listeners = await Promise.all([listenInside(netns, address, 443), listenInside(netns, plainAddress, 443)]);
  feed(listeners[0], tls);
  feed(listeners[1], plain);
  return {
    behave(host, behaviour) {
      if (behaviour === undefined) behaviours.delete(host);
      else behaviours.set(host, behaviour);
      for (const response of waiting) if (response.req.headers.host === host) response.destroy();
    },
    requests: (host) => requests.filter((one) => one.host === host),
    forget: () => requests.splice(0),
    stop() {
      for (const listener of listeners) listener.close();
      for (const server of [tls, plain]) server.closeAllConnections();
    },
  };
}

function feed(listener: Server, server: Pick<Server, 'emit'>): void {
  listener.on('connection', (socket) => {
    socket.on('error', () => undefined);
    server.emit('connection', socket);
  });
  // The lab ends with its process, and not the other way round.
  listener.unref();
}

function passOn(request: IncomingMessage, response: ServerResponse, socketPath: string): void {
  const { method, url: path, headers } = request;
  const onward = httpRequest({ socketPath, method, path, headers: { ...headers, 'x-forwarded-proto': 'https' } });
  onward.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  // The registry is stopped: what a load balancer says then.
  onward.once('error', () => response.destroyed || response.headersSent || response.writeHead(502).end());
  request.pipe(onward);
}
