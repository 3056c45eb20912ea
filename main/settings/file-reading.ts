import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** More than any settings file needs; whoever can write one must not make us read without end. */
const LARGEST_FILE = 1024 * 1024;

/** What came of reading a file. A problem is the end of the sentence "The file …". */
export type FileReading =
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly stats: BigIntStats }
  | { readonly kind: 'missing' }
  | { readonly kind: 'link' }
  | { readonly kind: 'unreadable'; readonly problem: string };

/**
 * Opens a file once and reads it from that descriptor, so that what was checked is what was read. Without
 * `followLinks` a symbolic link at its path is not followed, whether it leads anywhere or not. Never waits for a
 * writer of a named pipe.
 */
export async function readFileOnce(path: string, { followLinks }: { followLinks: boolean }): Promise<FileReading> {
  // Windows has none of these flags; there the path is looked at before.
  const flags =
    constants.O_RDONLY |
    (constants.O_NONBLOCK ?? 0) |
    (constants.O_NOCTTY ?? 0) |
    (followLinks ? 0 : (constants.O_NOFOLLOW ?? 0));
  if (!followLinks && constants.O_NOFOLLOW === undefined && (await isLink(path))) {
    return { kind: 'link' };
  }
  let file: FileHandle;
  try {
    file = await open(path, flags);
  } catch (error) {
    return await explainFailedOpen(path, followLinks, error);
  }
  try {
    return await readOpenFile(file);
  } catch (error) {
    return { kind: 'unreadable', problem: `cannot be read (${errorCode(error)})` };
  } finally {
    await file.close();
  }
}

async function readOpenFile(file: FileHandle): Promise<FileReading> {
  const stats = await file.stat({ bigint: true });
  if (!stats.isFile()) {
    return { kind: 'unreadable', problem: `is ${fileType(stats)}, not a regular file` };
  }
  if (stats.size > LARGEST_FILE) {
    return { kind: 'unreadable', problem: 'is larger than 1 MiB, which no settings file needs to be' };
  }
  // One byte more than there should be, to notice a file that grows meanwhile.
  const buffer = new Uint8Array(Number(stats.size) + 1);
  let length = 0;
  for (let last = -1; last !== 0 && length < buffer.length; length += last) {
    last = (await file.read(buffer, length, buffer.length - length, length)).bytesRead;
  }
  const after = await file.stat({ bigint: true });
  if (after.mtimeNs !== stats.mtimeNs || after.size !== stats.size || BigInt(length) !== stats.size) {
    return { kind: 'unreadable', problem: 'was being written to while it was read' };
  }
  return { kind: 'read', bytes: buffer.subarray(0, length), stats };
}

async function explainFailedOpen(path: string, followLinks: boolean, error: unknown): Promise<FileReading> {
  const code = errorCode(error);
  if (code === 'ENOENT') {
    const obstacle = (await isLink(path)) ? path : await danglingFolder(path);
    return obstacle === undefined
      ? { kind: 'missing' }
      : { kind: 'unreadable', problem: `cannot be reached: ${obstacle} is a link that leads nowhere` };
  }
  if (!followLinks && (code === 'ELOOP' || code === 'EMLINK') && (await isLink(path))) {
    return { kind: 'link' };
  }
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'cannot be read: permission denied',
    EPERM: 'cannot be read: not permitted',
    ELOOP: 'cannot be reached: there are symbolic links in a circle on the way to it',
    ENOTDIR: 'cannot be reached: something on the way to it is not a folder',
    ENXIO: 'is a socket or a device, not a regular file',
  };
  return { kind: 'unreadable', problem: reasons[code] ?? `cannot be opened (${code})` };
}

/** The nearest folder above a missing file that is a link to nothing: then the file is not simply missing. */
async function danglingFolder(path: string): Promise<string | undefined> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (await isLink(folder)) {
      const target = await stat(folder).catch(() => undefined);
      return target === undefined ? folder : undefined;
    }
    if ((await lstat(folder).catch(() => undefined)) !== undefined) {
      return undefined;
    }
  }
  return undefined;
}

async function isLink(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isSymbolicLink() === true;
}

function fileType(stats: BigIntStats): string {
  if (stats.isDirectory()) {
    return 'a folder';
  }
  if (stats.isFIFO()) {
    return 'a named pipe';
  }
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** The system's code of a failed call, such as `EIO`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}
