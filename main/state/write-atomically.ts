import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file of the state folder (0600) so that after a crash at any moment either the old or the new content is
 * there, whole: rename(2) after fsync(2). Rejects with the system's error; the old content is then untouched.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  // A fixed name, so that crashes leave one such file at most; only one instance writes in a state folder.
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** The rename itself is on disk only when its folder is; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
