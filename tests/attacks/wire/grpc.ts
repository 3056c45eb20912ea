import { request } from 'node:http';
import { connect } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Door } from './door.ts';

/** An empty message of gRPC: no compression, length 0. */
const EMPTY = Buffer.alloc(5);

/** A stream that the engine hands over for h2c, or undefined when it does not; what it says instead is heard. */
export function upgraded(
  door: Door,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Duplex | undefined> {
  return new Promise((resolve) => {
    const fields = { Host: 'docker', Connection: 'Upgrade', Upgrade: 'h2c', ...headers };
    const asking = request({ socketPath: door.socketPath, method: 'POST', path, headers: fields, agent: false });
    asking.on('upgrade', (_answer, socket, first) => {
      if (first.length > 0) socket.unshift(first);
      resolve(socket);
    });
    asking.on('error', () => resolve(undefined));
    asking.on('response', (answer) => {
      answer.setEncoding('utf8').on('data', (text: string) => door.hear(text));
      answer.on('close', () => resolve(undefined));
    });
    asking.end();
  });
}

/** Calls a method of BuildKit's over `/grpc`; whether it answered with success. */
export async function callBuildKit(door: Door, method: string): Promise<boolean> {
  const socket = await upgraded(door, '/grpc');
  if (socket === undefined) return false;
  const session = connect('http://docker', { createConnection: () => socket });
  const answered = await new Promise<boolean>((resolve) => {
    session.on('error', () => resolve(false));
    const call = session.request({
      ':method': 'POST',
      ':path': method,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    call.on('error', () => resolve(false));
    call.on('trailers', (trailers) => resolve(trailers['grpc-status'] === '0'));
    call.on('close', () => resolve(false));
    call.end(EMPTY);
    call.resume();
  });
  session.destroy();
  return answered;
}
