import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { goOn, type Reached } from '../steps/step.ts';

/** Which containers were created through which filtered socket; it outlives restarts, since their creators do. */
export interface OwnContainers {
  add(socket: string, containerId: string): Promise<void>;
  has(socket: string, containerId: string): Promise<boolean>;
  /** The socket is gone for good. */
  forget(socket: string): Promise<void>;
}

/** One file a socket in the folder, an ID a line: appending is cheap, and a line that a crash cut off matches no ID. */
export function ownContainers(folder: string, reached: Reached = goOn): OwnContainers {
  const loaded = new Map<string, Promise<Set<string>>>();
  const pathOf = (socket: string) => join(folder, encodeURIComponent(socket));
  const load = (socket: string) => {
    const known = loaded.get(socket);
    if (known !== undefined) return known;
    const loading = readFile(pathOf(socket), 'utf8').then(
      (text) => new Set(text.split('\n')),
      () => new Set<string>(),
    );
    loaded.set(socket, loading);
    return loading;
  };
  return {
    async add(socket, containerId) {
      (await load(socket)).add(containerId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // On a line of its own, also behind a line that a crash cut off.
      await appendFile(pathOf(socket), `\n${containerId}\n`, { mode: 0o600 });
      reached('own-container-noted');
    },
    has: async (socket, containerId) => containerId !== '' && (await load(socket)).has(containerId),
    async forget(socket) {
      loaded.delete(socket);
      await rm(pathOf(socket), { force: true });
    },
  };
}
