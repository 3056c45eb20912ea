import { lstat } from 'node:fs/promises';

/** A listener that is opened again when its file was taken away. */
export interface LastingSocket {
  /** Whether it can be reached by its path; true, too, once it was closed: then nothing is missed. */
  isStanding(): Promise<boolean>;
  /** Opens it anew; rejects with what keeps it from that, and can be tried again. Does nothing once it was closed. */
  reopen(): Promise<void>;
  /** Closes it for good. */
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<void>;
}

/** Opens a listener at a path with `open`, now and whenever it is needed again. */
export async function lastingSocket(path: string, open: () => Promise<Closable>): Promise<LastingSocket> {
  let current: Closable | undefined = await open();
  let isOver = false;
  let reopening: Promise<void> = Promise.resolve();
  const closeCurrent = async () => {
    const closing = current;
    current = undefined;
    await closing?.close();
  };
  const openAnew = async () => {
    if (isOver) return;
    // First: closing removes the file at the path, whoever made it.
    await closeCurrent();
    if (!isOver) current = await open();
  };
  return {
    async isStanding() {
      // Windows' named pipes have no file that somebody could remove.
      if (isOver || path.startsWith('\\\\.\\pipe\\')) return true;
      return current !== undefined && (await isThere(path));
    },
    reopen() {
      reopening = reopening.catch(() => undefined).then(openAnew);
      return reopening;
    },
    async close() {
      isOver = true;
      // One that is being opened would stay behind, and keep the process from its end.
      await reopening.catch(() => undefined);
      await closeCurrent();
    },
  };
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
