import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the file needs of the system; tests put a full disk here. */
export type OpenFile = (path: string, flags: number, mode: number) => Promise<FileHandle>;

/** The open file and its size in bytes, as far as we wrote it. */
export interface JournalFile {
  readonly handle: FileHandle;
  size: number;
}

/** No link is followed, and a FIFO that somebody put there does not make us wait for its reader. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens the file for appending, 0600, with its folder made if that went away. A half line that a crash or a full disk
 * left at its end is ended, so that it spoils no other.
 */
export async function openJournalFile(path: string, openFile: OpenFile = open): Promise<JournalFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await openFile(path, FLAGS, 0o600);
  try {
    const found = await handle.stat();
    if (!found.isFile()) {
      throw new Error(`${path} is not a regular file: move it away`);
    }
    if ((found.mode & 0o077) !== 0) {
      await handle.chmod(0o600);
    }
    const file = { handle, size: found.size };
    if (found.size > 0) {
      const last = await handle.read(Buffer.alloc(1), 0, 1, found.size - 1);
      if (last.buffer[0] !== 0x0a) {
        await appendTo(file, Buffer.from('\n'));
      }
    }
    return file;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Whether the path still leads to the open file: people and logrotate move and remove such files. */
export async function isStillThere(path: string, file: JournalFile): Promise<boolean> {
  try {
    const [ours, there] = await Promise.all([file.handle.stat(), stat(path)]);
    return ours.ino === there.ino && ours.dev === there.dev;
  } catch {
    return false;
  }
}

/** Writes all of `data`; after an error `file.size` says how far it came. */
export async function appendTo(file: JournalFile, data: Buffer): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await file.handle.write(data, done);
    done += bytesWritten;
    file.size += bytesWritten;
  }
}

/** Makes the file the previous one (one is kept), so that the next starts empty. */
export async function rotateJournalFile(path: string, file: JournalFile): Promise<void> {
  await rename(path, previousOf(path));
  await file.handle.close();
}

/** `journal.jsonl` -> `journal.1.jsonl`. */
export function previousOf(path: string): string {
  return path.replace(/(\.jsonl)?$/, '.1$1');
}
