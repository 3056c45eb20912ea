import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the journal needs of the file system; tests put full and slow disks and crashes here. */
export interface JournalDisk {
  open(path: string, flags: number, mode: number): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const realDisk: JournalDisk = { open, rename, remove: (path) => rm(path, { force: true }) };

/** The open file and its size in bytes. */
export interface JournalFile {
  readonly path: string;
  readonly handle: FileHandle;
  size: number;
  /** Whether its last line was cut, by a crash or by a full disk, when it was opened. */
  readonly wasCut: boolean;
}

/** No link is followed, and a FIFO that somebody put there does not make us wait for its reader. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens the file for appending, 0600, with its folder made if that went away. A half line that a crash left at its end
 * is ended, so that it spoils no other; it stays, since half a line may be what somebody looks for.
 */
export async function openJournalFile(path: string, disk: JournalDisk): Promise<JournalFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await disk.open(path, FLAGS, 0o600);
  try {
    const found = await handle.stat();
    if (!found.isFile()) {
      throw new Error(`${path} is not a regular file: move it away`);
    }
    if ((found.mode & 0o077) !== 0) {
      await handle.chmod(0o600);
    }
    const wasCut = found.size > 0 && !(await endsLine(handle, found.size));
    const file = { path, handle, size: found.size, wasCut };
    if (wasCut) {
      await appendTo(file, Buffer.from('\n'));
    }
    return file;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function endsLine(handle: FileHandle, size: number): Promise<boolean> {
  const last = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return last.buffer[0] === 0x0a;
}

/**
 * Whether the path still leads to the open file: people and logrotate move, remove and truncate such files. The size
 * is taken anew.
 */
export async function isStillThere(file: JournalFile): Promise<boolean> {
  try {
    const [ours, there] = await Promise.all([file.handle.stat(), stat(file.path)]);
    file.size = ours.size;
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

/** Takes back what was written of a line that did not fit, which works on a full disk; without success it stays. */
export async function cutBack(file: JournalFile, size: number): Promise<void> {
  if (file.size > size) {
    await file.handle.truncate(size).catch(() => undefined);
  }
}
