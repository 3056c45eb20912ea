import { lstat } from 'node:fs/promises';

/** A listener that is opened again when its file was taken away. */
export interface LastingSocket {
  isStanding(): Promise<boolean>;
  /** Opens it anew; rejects with what keeps it from that, and can be tried again. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/** Opens a listener at a path with `open`, now and whenever it is needed again. */
export async function lastingSocket(path: string, open: () => Promise<Closable>): Promise<LastingSocket> {
  let current: Closable | undefined = await open();
  const close = async () => {
    const closing = current;
    current = undefined;
    await closing?.close();
  };
  return {
    async isStanding() {
      // Windows' named pipes have no file that somebody could remove.
      if (path.startsWith('\\\\.\\pipe\\')) return true;
      return current !== undefined && (await isThere(path));
    },
    async reopen() {
      // First: closing removes the file at the path, whoever made it.
      await close();
      current = await open();
    },
    close,
  };
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
