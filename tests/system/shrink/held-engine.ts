import { connect, createServer, type Socket } from 'node:net';

/** The engine behind a relay that can hold an answer back: what happens while the engine is at work. */
export interface HeldEngine {
  readonly url: string;
  /** Holds back the answer to the next request that begins so. Resolves with its release when it has come. */
  hold(request: RegExp): Promise<() => void>;
  close(): Promise<void>;
}

export async function heldEngine(enginePath: string, path: string): Promise<HeldEngine> {
  const sockets = new Set<Socket>();
  let wanted: { readonly request: RegExp; readonly came: (release: () => void) => void } | undefined;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: enginePath, allowHalfOpen: true });
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes: Buffer) => {
      const found = wanted;
      if (found?.request.test(bytes.toString('latin1'))) {
        wanted = undefined;
        engine.once('readable', () => found.came(() => engine.pipe(client)));
        engine.unpipe(client);
      }
      engine.write(bytes);
    });
    client.on('end', () => engine.end());
    client.on('close', () => engine.destroy());
    engine.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    url: `unix://${path}`,
    hold(request) {
      return new Promise((came) => {
        wanted = { request, came };
      });
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
