import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a crash in the middle of a write leaves beside the file; the next write, or the next start, removes it. */
export const HALF_WRITTEN = '.new';

/**
 * Writes a file of the state folder (0600) so that after a crash at any moment either the old or the new content is
 * there, whole: rename(2) after fsync(2). Rejects with the system's error; the old content is then untouched.
 * `halfWay` is called while the new content lies beside the old.
 */
export async function writeAtomically(path: string, text: string, halfWay: () => void = () => {}): Promise<void> {
  // A fixed name, so that crashes leave one such file at most; only one instance writes in a state folder.
  const temporary = `${path}${HALF_WRITTEN}`;
  await rm(temporary, { force: true });
  try {
    await writeSynced(temporary, text);
    halfWay();
    await rename(temporary, path);
  } catch (error) {
    // On a full disk, what was written of it would keep the space that it did not suffice for.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Writes a file that is not there yet, as far as the disk. */
export async function writeSynced(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The rename itself is on disk only when its folder is; Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
