import { createConnection, type Socket } from 'node:net';
import {
  ANSWER_CAP,
  type Answer,
  type ClientFrame,
  type ControlError,
  contract,
  PROTOCOL_VERSION,
  type PushInput,
  type PushName,
  type PushValue,
  REQUEST_CAP,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  type ServerFrame,
  serverFrameSchema,
} from '../../shared/ipc/contract.ts';
import { createLineReader } from './line-reader.ts';

/** Where the pushes of a subscription go. */
export interface PushSink<Value> {
  readonly value: (value: Value) => void;
  /** So many were left out at this point, because we read too slowly. */
  readonly lost: (count: number) => void;
}

export interface ControlClient {
  /** Version of the Lockkeeper that answers. */
  readonly version: string;
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Answer<RequestOutput<Name>>>;
  /** Resolves to what ends the subscription, once it stands. */
  subscribe<Name extends PushName>(
    name: Name,
    input: PushInput<Name>,
    sink: PushSink<PushValue<Name>>,
  ): Promise<Answer<() => void>>;
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
  const session = createSession(socket, timeoutMs);
  const failed = new Promise<ControlError>((resolve) => {
    socket.once('error', (error) => resolve(connectionError(path, error)));
    void closed.then(() => resolve(failure('not-running', `the Lockkeeper at ${path} hung up`)));
  });
  // Later errors end the connection, and 'close' tells everybody who waits.
  socket.on('error', () => undefined);
  const greeting = await Promise.race([session.greeting, failed]);
  if (!('protocol' in greeting)) {
    socket.destroy();
    return { ok: false, error: greeting };
  }
  if (greeting.protocol !== PROTOCOL_VERSION) {
    socket.destroy();
    const message = `the running Lockkeeper has version ${greeting.version}, which this one does not understand: restart it`;
    return { ok: false, error: failure('other-version', message) };
  }
  return {
    ok: true,
    value: { ...session.client, version: greeting.version, closed, close: () => void socket.destroy() },
  };
}

type Greeting = Extract<ServerFrame, { hello: unknown }>['hello'];

interface Session {
  readonly greeting: Promise<Greeting | ControlError>;
  readonly client: Pick<ControlClient, 'request' | 'subscribe'>;
}

function createSession(socket: Socket, timeoutMs: number): Session {
  const waiting = new Map<number, (answer: Answer<unknown>) => void>();
  const sinks = new Map<number, { value(value: unknown): void; lost(count: number): void }>();
  let greet: (greeting: Greeting) => void = () => undefined;
  let lastId = 0;

  function receive(line: string): void {
    const frame = parseFrame(line);
    if (frame === undefined) {
      socket.destroy();
    } else if ('hello' in frame) {
      greet(frame.hello);
    } else if ('push' in frame) {
      sinks.get(frame.push)?.value(frame.value);
    } else if ('lost' in frame) {
      sinks.get(frame.lost)?.lost(frame.count);
    } else {
      waiting.get(frame.id)?.(frame.answer);
    }
  }

  function ask(id: number, frame: ClientFrame): Promise<Answer<unknown>> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(noAnswer(timeoutMs)), timeoutMs);
      function settle(answer: Answer<unknown>): void {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(answer);
      }
      waiting.set(id, settle);
      const line = JSON.stringify(frame);
      if (Buffer.byteLength(line) > REQUEST_CAP) {
        settle({ ok: false, error: failure('too-large', `a request may have ${REQUEST_CAP} bytes`) });
      } else if (socket.writable) {
        socket.write(`${line}\n`);
      } else {
        settle(hungUp());
      }
    });
  }

  socket.on(
    'data',
    createLineReader(ANSWER_CAP + 1024, receive, () => void socket.destroy()),
  );
  socket.once('close', () => {
    for (const settle of [...waiting.values()]) {
      settle(hungUp());
    }
  });

  const greeting = new Promise<Greeting | ControlError>((resolve) => {
    const timer = setTimeout(() => resolve(failure('no-answer', noGreeting)), timeoutMs);
    socket.once('close', () => clearTimeout(timer));
    greet = (hello) => {
      clearTimeout(timer);
      resolve(hello);
    };
  });

  return {
    greeting,
    client: {
      async request(name, input) {
        lastId += 1;
        const answer = await ask(lastId, { id: lastId, request: name, input });
        return answer.ok ? checkedOutput(name, answer.value) : answer;
      },
      async subscribe(name, input, sink) {
        lastId += 1;
        const id = lastId;
        const schema = contract.pushes[name].value;
        sinks.set(id, {
          value(value) {
            const checked = schema.safeParse(value);
            if (checked.success) {
              sink.value(checked.data as PushValue<typeof name>);
            } else {
              sink.lost(1);
            }
          },
          lost: sink.lost,
        });
        const answer = await ask(id, { id, subscribe: name, input });
        if (!answer.ok) {
          sinks.delete(id);
          return answer;
        }
        return {
          ok: true,
          value: () => {
            sinks.delete(id);
            lastId += 1;
            void ask(lastId, { id: lastId, unsubscribe: id });
          },
        };
      },
    },
  };
}

function checkedOutput<Name extends RequestName>(name: Name, value: unknown): Answer<RequestOutput<Name>> {
  const checked = contract.requests[name].output.safeParse(value);
  if (checked.success) {
    return { ok: true, value: checked.data as RequestOutput<Name> };
  }
  const message = `the answer to '${name}' is not as this version expects it: restart the running Lockkeeper`;
  return { ok: false, error: failure('invalid-answer', message) };
}

function parseFrame(line: string): ServerFrame | undefined {
  try {
    const parsed = serverFrameSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const noGreeting = 'the running Lockkeeper does not answer: look at its output, or restart it';

function noAnswer(timeoutMs: number): Answer<never> {
  const message = `the running Lockkeeper did not answer within ${timeoutMs / 1000} s: look at its output, or restart it`;
  return { ok: false, error: failure('no-answer', message) };
}

function hungUp(): Answer<never> {
  return { ok: false, error: failure('not-running', 'the running Lockkeeper hung up: it was stopped, or restarts') };
}

function connectionError(path: string, error: Error): ControlError {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') {
    const remedy = `start it with 'lockkeeper serve', or name the state folder of the running one with --state`;
    return failure('not-running', `no Lockkeeper answers at ${path}: ${remedy}`);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return failure('not-permitted', `${path} belongs to another user: run this as the user that Lockkeeper runs as`);
  }
  return failure('not-running', `no Lockkeeper can be reached at ${path}: ${error.message}`);
}

function failure(name: ControlError['name'], message: string): ControlError {
  return { name, message };
}
