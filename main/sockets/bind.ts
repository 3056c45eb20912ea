import type { Server } from 'node:net';
import { isKeptToOurselves } from './own-mask.ts';

/** Windows named pipes have no file, no mode and no leftovers. */
export function isPipe(path: string): boolean {
  return path.startsWith('\\\\.\\pipe\\');
}

/**
 * Binds a server to a path, for our own user alone (0700; only the right to write counts for a socket). There is no moment
 * at which it is open wider, and nothing is changed through a path. Rejects where the mask would not see to that.
 */
export async function bindPrivately(server: Server, path: string): Promise<void> {
  if (!isKeptToOurselves()) {
    throw new Error(`${path} was not opened: this process makes files that others may use (see keepToOurselves)`);
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, backlog: 511 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
