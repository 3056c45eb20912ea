import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { AttachedLab } from '../../lab/lab.ts';

export interface Relay {
  readonly path: string;
  close(): void;
}

/** A socket that leads to the engine and filters nothing. */
export async function plainRelay(lab: AttachedLab): Promise<Relay> {
  const folder = mkdtempSync(join(lab.work, 'relay-'));
  const path = join(folder, 'r.sock');
  const ends = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: lab.engineSocket, allowHalfOpen: true });
    client.pipe(engine);
    engine.pipe(client);
    for (const end of [client, engine]) {
      ends.add(end);
      end.on('close', () => ends.delete(end));
      end.on('error', () => {
        client.destroy();
        engine.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    close() {
      server.close();
      for (const end of ends) end.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
