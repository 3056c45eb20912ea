import { createReadStream, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/** What one slice of load came to. */
export interface Slice {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds of the median request. */
  readonly p50: number;
}

export interface LoadOptions {
  readonly socket: string;
  readonly path: string;
  readonly connections: number;
  readonly newConnectionEach: boolean;
  readonly seconds: number;
}

/** Asks the same again and again on a number of connections, one request at a time on each. */
export async function load({ socket, path, connections, newConnectionEach, seconds }: LoadOptions): Promise<Slice> {
  const request = Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: docker\r\n${newConnectionEach ? 'Connection: close\r\n' : ''}\r\n`,
  );
  const took: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const one = async () => {
    let connection: Socket | undefined;
    while (performance.now() < end) {
      const at = performance.now();
      connection ??= await open(socket);
      await exchange(connection, request);
      if (newConnectionEach) {
        connection.destroy();
        connection = undefined;
      }
      took.push(performance.now() - at);
    }
    connection?.destroy();
  };
  await Promise.all(Array.from({ length: connections }, one));
  const elapsed = (performance.now() - begun) / 1000;
  took.sort((a, b) => a - b);
  return { requests: took.length, seconds: elapsed, p50: took[Math.floor(took.length / 2)] ?? 0 };
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

const LAST_CHUNK = '0\r\n\r\n';

/** Sends a request and waits for its whole answer, which must be a 200. */
function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let held = '';
    const finish = (error?: Error) => {
      socket.off('data', onData);
      socket.off('close', onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onData = (bytes: Buffer) => {
      held = held === '' ? bytes.toString('latin1') : held + bytes.toString('latin1');
      const body = held.indexOf('\r\n\r\n') + 4;
      if (body < 4) return;
      if (!held.startsWith('HTTP/1.1 200')) return finish(new Error(`not 200: ${held}`));
      const length = /\r\ncontent-length: (\d+)\r\n/i.exec(held)?.[1];
      const isWhole = length === undefined ? held.endsWith(LAST_CHUNK) : held.length - body === Number(length);
      if (isWhole) finish();
    };
    const onClose = () => finish(new Error(`the connection was closed: ${held}`));
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.write(request);
  });
}

/** Reads an answer of any size; resolves to its bytes and the seconds that it took. */
export async function download(socket: string, path: string): Promise<{ bytes: number; seconds: number }> {
  const begun = performance.now();
  const connection = await open(socket);
  connection.write(`GET ${path} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n`);
  const bytes = await new Promise<number>((resolve, reject) => {
    let sum = 0;
    connection.on('data', (chunk: Buffer) => {
      if (sum === 0 && !chunk.toString('latin1', 0, 12).startsWith('HTTP/1.1 200')) {
        reject(new Error(`not 200: ${chunk.toString('latin1', 0, 300)}`));
      }
      sum += chunk.length;
    });
    connection.once('error', reject);
    connection.once('end', () => resolve(sum));
  });
  connection.destroy();
  return { bytes, seconds: (performance.now() - begun) / 1000 };
}

/** Sends a file as a request's body; resolves to the seconds until its whole answer was there. */
export async function upload(socket: string, path: string, file: string): Promise<{ bytes: number; seconds: number }> {
  const { size } = statSync(file);
  const begun = performance.now();
  const connection = await open(socket);
  const fields = `Content-Type: application/x-tar\r\nContent-Length: ${size}\r\nConnection: close\r\n`;
  connection.write(`POST ${path} HTTP/1.1\r\nHost: docker\r\n${fields}\r\n`);
  createReadStream(file, { highWaterMark: 1024 * 1024 }).pipe(connection, { end: false });
  const answer = await new Promise<string>((resolve, reject) => {
    let held = '';
    connection.on('data', (chunk: Buffer) => {
      held += chunk.toString('latin1');
    });
    connection.once('error', reject);
    connection.once('end', () => resolve(held));
  });
  if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`not 200: ${answer.slice(0, 300)}`);
  connection.destroy();
  return { bytes: size, seconds: (performance.now() - begun) / 1000 };
}
