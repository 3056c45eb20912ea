import { connect, createServer, type Socket } from 'node:net';

/** The engine behind a relay that can hold an answer back: what happens while the engine is at work. */
export interface HeldEngine {
  readonly url: string;
  /** Holds back the next request that begins so, or the answer to it. Resolves with its release when it has come. */
  hold(request: RegExp, what?: 'answer' | 'request'): Promise<() => void>;
  /** Passes the answer to the next request that begins so up to its first byte behind the head. Resolves with its end. */
  breakOff(request: RegExp): Promise<() => void>;
  /** Answers the next request that begins so with a 500 of its own. Resolves when it has come. */
  refuse(request: RegExp): Promise<void>;
  /** Ends all connections, as an engine that restarts. */
  cut(): void;
  close(): Promise<void>;
}

const WORDS = '{"message":"not now"}';
const REFUSAL = `HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: ${WORDS.length}\r\n\r\n${WORDS}`;

/** What is done about the next request that begins so. */
interface Plan {
  readonly request: RegExp;
  meets(client: Socket, engine: Socket, bytes: Buffer): void;
}

export async function heldEngine(enginePath: string, path: string): Promise<HeldEngine> {
  const sockets = new Set<Socket>();
  let plan: Plan | undefined;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: enginePath, allowHalfOpen: true });
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes: Buffer) => {
      const found = plan?.request.test(bytes.toString('latin1')) === true ? plan : undefined;
      if (found === undefined) {
        engine.write(bytes);
      } else {
        plan = undefined;
        found.meets(client, engine, bytes);
      }
    });
    client.on('end', () => engine.end());
    client.on('close', () => engine.destroy());
    engine.pipe(client);
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    url: `unix://${path}`,
    hold(request, what = 'answer') {
      const meets = what === 'answer' ? holdAnswer : holdRequest;
      return new Promise((came) => {
        plan = { request, meets: (...sides) => meets(came, ...sides) };
      });
    },
    breakOff(request) {
      return new Promise((came) => {
        plan = { request, meets: (...sides) => passHead(came, ...sides) };
      });
    },
    refuse(request) {
      return new Promise((came) => {
        const meets: Plan['meets'] = (client) => {
          client.write(REFUSAL);
          came();
        };
        plan = { request, meets };
      });
    },
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Came = (release: () => void) => void;

function holdAnswer(came: Came, client: Socket, engine: Socket, bytes: Buffer): void {
  engine.once('readable', () => came(() => engine.pipe(client)));
  engine.unpipe(client);
  engine.write(bytes);
}

function passHead(came: Came, client: Socket, engine: Socket, bytes: Buffer): void {
  engine.unpipe(client);
  engine.once('data', (answer: Buffer) => {
    engine.pause();
    client.write(answer.subarray(0, answer.indexOf('\r\n\r\n') + 5));
    came(() => client.destroy());
  });
  engine.resume();
  engine.write(bytes);
}

function holdRequest(came: Came, client: Socket, engine: Socket, bytes: Buffer): void {
  client.pause();
  came(() => {
    engine.write(bytes);
    client.resume();
  });
}
