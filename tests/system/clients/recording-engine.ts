import { once } from 'node:events';
import { connect as connectSocket, createServer, type Socket } from 'node:net';

/** A relay that writes down what is sent to an engine. */
export interface RecordingEngine {
  /** As an endpoint for Lockkeeper. */
  readonly url: string;
  /** Everything that was sent so far, connection after connection, one character a byte. */
  sent(): string;
  stop(): Promise<void>;
}

export async function recordingEngine(socketPath: string, engineSocket: string): Promise<RecordingEngine> {
  const connections: Buffer[][] = [];
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const bytes: Buffer[] = [];
    connections.push(bytes);
    const engine = connectSocket({ path: engineSocket, allowHalfOpen: true });
    client.on('data', (chunk: Buffer) => bytes.push(chunk));
    client.pipe(engine).pipe(client);
    for (const socket of [client, engine]) {
      open.add(socket);
      // Either side may go at any time; the other one then sees the end.
      socket.on('error', () => undefined);
      socket.once('close', () => open.delete(socket));
    }
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    url: `unix://${socketPath}`,
    sent: () => connections.map((bytes) => Buffer.concat(bytes).toString('latin1')).join('\n'),
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
