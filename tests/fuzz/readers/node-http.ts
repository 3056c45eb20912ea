import { createServer, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';

/** A request as Node's own parser (llhttp, strict) reads it. Texts are bytes as Latin-1 characters. */
export interface NodeRequest {
  readonly method: string;
  readonly target: string;
  /** Names and values in turn, as sent. */
  readonly fields: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

/** What is written to it goes nowhere; what it is given is what the client sent. */
class Client extends Duplex {
  override _read(): void {}
  override _write(_bytes: Buffer, _encoding: string, done: () => void): void {
    done();
  }
}

const server = createServer({ maxHeaderSize: 4 << 20, insecureHTTPParser: false, keepAlive: true });
server.maxHeadersCount = 0;
server.timeout = 0;
const requestsOf = new WeakMap<object, NodeRequest[]>();
server.on('request', (request: IncomingMessage, response) => {
  let body = '';
  request.setEncoding('latin1').on('data', (text: string) => (body += text));
  request.on('end', () => {
    const { method = '', url: target = '', rawHeaders: fields, rawTrailers: trailers } = request;
    requestsOf.get(request.socket)?.push({ method, target, fields, body, trailers });
    response.end();
  });
});
server.on('clientError', (_error, socket) => socket.destroy());

/** Every request that Node reads in the bytes of one connection, up to where it refuses what comes. */
export function readWithNode(bytes: Uint8Array): Promise<readonly NodeRequest[]> {
  const client = new Client();
  const requests: NodeRequest[] = [];
  requestsOf.set(client, requests);
  return new Promise((resolve) => {
    client.once('close', () => resolve(requests));
    client.once('error', () => {});
    server.emit('connection', client);
    client.push(bytes);
    client.push(null);
  });
}
