import { createConnection } from 'node:net';
import { type ClientSession, type ContractClient, clientSession } from '../../shared/ipc/client-session.ts';
import { ANSWER_CAP, type Answer, type ControlError } from '../../shared/ipc/contract.ts';
import { createLineReader } from './line-reader.ts';

export type { PushSink } from '../../shared/ipc/client-session.ts';

export interface ControlClient extends ContractClient {
  /** Version of the Lockkeeper that answers. */
  readonly version: string;
  /** Resolves when the connection has ended, from whichever side. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface ControlClientOptions {
  readonly path: string;
  /** Milliseconds that greeting and answers may take. */
  readonly timeoutMs?: number;
}

/** Connects to the control socket of a running Lockkeeper. */
export async function connectControl({
  path,
  timeoutMs = 10_000,
}: ControlClientOptions): Promise<Answer<ControlClient>> {
  const socket = createConnection(path);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const session: ClientSession = clientSession({
    timeoutMs,
    later(task, milliseconds) {
      const timer = setTimeout(task, milliseconds);
      return () => clearTimeout(timer);
    },
    send(frame) {
      if (socket.writable) socket.write(`${frame}\n`);
      return socket.writable;
    },
  });
  const hangUp = () => void socket.destroy();
  const receive = (line: string) => {
    if (!session.receive(line)) hangUp();
  };
  socket.on('data', createLineReader(ANSWER_CAP + 1024, receive, hangUp));
  const failed = new Promise<Answer<never>>((resolve) => {
    socket.once('error', (error) => resolve({ ok: false, error: connectionError(path, error) }));
    void closed.then(() => resolve(failure('not-running', `the Lockkeeper at ${path} hung up`)));
  });
  // Later errors end the connection, and 'close' tells everybody who waits.
  socket.on('error', () => undefined);
  socket.once('close', session.ended);
  const greeting = await Promise.race([failed, session.greeting]);
  if (!greeting.ok) {
    socket.destroy();
    return greeting;
  }
  const { request, subscribe } = session;
  return { ok: true, value: { request, subscribe, version: greeting.value.version, closed, close: hangUp } };
}

function connectionError(path: string, error: Error): ControlError {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') {
    const remedy = `start it with 'lockkeeper serve', or name the state folder of the running one with --state`;
    return { name: 'not-running', message: `no Lockkeeper answers at ${path}: ${remedy}` };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const message = `${path} belongs to another user: run this as the user that Lockkeeper runs as`;
    return { name: 'not-permitted', message };
  }
  return { name: 'not-running', message: `no Lockkeeper can be reached at ${path}: ${error.message}` };
}

function failure(name: ControlError['name'], message: string): Answer<never> {
  return { ok: false, error: { name, message } };
}
