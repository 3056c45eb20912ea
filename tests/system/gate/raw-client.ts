import { connect, type Socket } from 'node:net';

/** An answer as it came: nothing is interpreted but where it ends. */
export interface RawAnswer {
  readonly status: number;
  /** The status line and the fields, one a line. */
  readonly head: readonly string[];
  /** With chunk framing taken off; trailers as a separate text. */
  readonly body: string;
  readonly trailers: string;
}

/** A client that sends exactly the bytes it is told to. */
export interface RawClient {
  readonly socket: Socket;
  send(bytes: string | Uint8Array): void;
  /** The next answer, interim ones included. HEAD is the method for which a length announces no body. */
  answer(method?: string): Promise<RawAnswer>;
  /** Resolves when at least this text has come, and takes it. */
  until(text: string): Promise<string>;
  /** Everything up to the end of the stream. Rejects when the connection is reset. */
  rest(): Promise<string>;
  destroy(): void;
}

export function dial(path: string): Promise<RawClient> {
  const socket = connect({ path, allowHalfOpen: true });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(rawClient(socket));
    });
  });
}

function rawClient(socket: Socket): RawClient {
  let held = '';
  let over: Error | 'end' | undefined;
  let wake = () => {};
  const more = () => new Promise<void>((resolve) => (wake = resolve));
  socket.on('data', (bytes: Buffer) => {
    held += bytes.toString('latin1');
    wake();
  });
  socket.on('error', (error) => {
    over ??= error;
    wake();
  });
  for (const event of ['end', 'close']) {
    socket.on(event, () => {
      over ??= 'end';
      wake();
    });
  }
  const take = (length: number): string => {
    const taken = held.slice(0, length);
    held = held.slice(length);
    return taken;
  };
  const until = async (text: string): Promise<string> => {
    while (!held.includes(text)) {
      if (over !== undefined) throw new Error(`the connection ended (${over}) before ${JSON.stringify(text)}: ${held}`);
      await more();
    }
    return take(held.indexOf(text) + text.length);
  };
  const exactly = async (length: number): Promise<string> => {
    while (held.length < length) {
      if (over !== undefined) throw new Error(`the connection ended (${over}) after ${held.length} of ${length} bytes`);
      await more();
    }
    return take(length);
  };
  const rest = async (): Promise<string> => {
    while (over === undefined) await more();
    if (over !== 'end') throw over;
    return take(held.length);
  };
  const chunks = async (): Promise<{ body: string; trailers: string }> => {
    let body = '';
    for (;;) {
      const size = Number.parseInt(await until('\r\n'), 16);
      if (size === 0) break;
      body += await exactly(size);
      await until('\r\n');
    }
    let trailers = '';
    for (let line = await until('\r\n'); line !== '\r\n'; line = await until('\r\n')) trailers += line;
    return { body, trailers };
  };
  return {
    socket,
    send: (bytes) => void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    async answer(method = 'GET') {
      const head = (await until('\r\n\r\n')).trimEnd().split('\r\n');
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head[0] ?? '')?.[1]);
      const length = field(head, 'content-length');
      const none = { body: '', trailers: '' };
      if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { status, head, ...none };
      if (field(head, 'transfer-encoding') === 'chunked') return { status, head, ...(await chunks()) };
      const body = length === undefined ? await rest() : await exactly(Number(length));
      return { status, head, body, trailers: '' };
    },
    until,
    rest,
    destroy: () => socket.destroy(),
  };
}

/** Lets the gate, which is in this process, read what has been sent: each turn of the event loop polls the sockets. */
export async function untilRead(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The value of a field in a head, by its lower-case name. */
export function field(head: readonly string[], name: string): string | undefined {
  const line = head.find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

/** The answer without what differs from one moment to the next. */
export function timeless(answer: RawAnswer): RawAnswer {
  return { ...answer, head: answer.head.filter((line) => !/^date:/i.test(line)) };
}

/** One request on a connection of its own, and its answer. */
export async function ask(path: string, bytes: string, method = 'GET'): Promise<RawAnswer> {
  const client = await dial(path);
  try {
    client.send(bytes);
    return await client.answer(method);
  } finally {
    client.destroy();
  }
}

/** A request head with a Host, from its first line and its other fields. */
export function head(line: string, ...fields: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'Host: docker', ...fields, '', ''].join('\r\n');
}

/** A request with a body of known length. */
export function withBody(line: string, body: string, ...fields: readonly string[]): string {
  return `${head(line, `Content-Length: ${Buffer.byteLength(body)}`, ...fields)}${body}`;
}

/** A JSON request. */
export function json(line: string, body: unknown): string {
  return withBody(line, JSON.stringify(body), 'Content-Type: application/json');
}
