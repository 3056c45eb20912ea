import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../running.ts';

/** A stand-in for an engine whose every byte the test decides, for what a real one cannot be made to do. */
export interface RecordingEngine {
  readonly url: string;
  /** For each connection, what it received, one entry for each read. */
  readonly received: readonly (readonly string[])[];
  /** The connections, first to last, also those that have ended. */
  readonly sockets: readonly Socket[];
  /** Resolves when the connection has received this text. */
  has(text: string, connection?: number): Promise<void>;
  close(): Promise<void>;
}

/** `onBytes` is called with each read; what it does not answer stays unanswered. */
export async function recordingEngine(onBytes: (bytes: string, socket: Socket) => void): Promise<RecordingEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'lk-engine-'));
  const path = join(folder, 'engine.sock');
  const received: string[][] = [];
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const mine: string[] = [];
    received.push(mine);
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      mine.push(bytes.toString('latin1'));
      onBytes(bytes.toString('latin1'), socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    url: `unix://${path}`,
    received,
    sockets,
    has: (text, connection = 0) =>
      eventually(async () => (received[connection] ?? []).join('').includes(text), `the engine has ${text}`),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Two ends of one connection; the test closes them. */
export async function socketPair(): Promise<{ readonly near: Socket; readonly far: Socket }> {
  const folder = mkdtempSync(join(tmpdir(), 'lk-pair-'));
  const path = join(folder, 'pair.sock');
  const server = createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const far = connect({ path, allowHalfOpen: true });
  const [near] = await Promise.all([accepted, new Promise((resolve) => far.once('connect', resolve))]);
  server.close();
  rmSync(folder, { recursive: true, force: true });
  for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  return { near, far };
}
