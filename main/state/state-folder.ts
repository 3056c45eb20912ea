import type { Stats } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';

/** A folder that only we can change, or why it is none. */
export type FolderResult =
  | {
      readonly ok: true;
      /** Absolute, without links. */
      readonly path: string;
    }
  | { readonly ok: false; readonly message: string };

/** Who asks; absent on Windows, where the folder's inherited access list decides. */
export interface FolderOwner {
  readonly uid: number | undefined;
}

/**
 * Makes the folder (0700, and so its missing parents) or checks the one that is there: a folder, ours, and writable by
 * nobody else; and no folder above it lets strangers replace it. `what` names the folder in messages ("state folder").
 */
export async function prepareFolder(path: string, what: string, owner: FolderOwner): Promise<FolderResult> {
  if (!isAbsolute(path)) {
    return { ok: false, message: `the ${what} ${path} is not an absolute path: give it from the root on` };
  }
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const real = await realpath(path);
    const problem = (await leafProblem(real, what, owner)) ?? (await parentProblem(real, what, owner));
    return problem === undefined ? { ok: true, path: real } : { ok: false, message: problem };
  } catch (error) {
    return { ok: false, message: await unusable(path, what, error) };
  }
}

async function unusable(path: string, what: string, error: unknown): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) return notAFolder(path, what);
  const reason = error instanceof Error ? error.message : String(error);
  return `the ${what} ${path} cannot be used (${reason}): make it, or choose another`;
}

function notAFolder(path: string, what: string): string {
  return `the ${what} ${path} is not a folder: move it away, or choose another`;
}

async function leafProblem(path: string, what: string, { uid }: FolderOwner): Promise<string | undefined> {
  const found = await stat(path);
  if (!found.isDirectory()) {
    return notAFolder(path, what);
  }
  if (uid === undefined) {
    return undefined;
  }
  if (found.uid !== uid) {
    return `the ${what} ${path} belongs to user ${found.uid}, and Lockkeeper runs as user ${uid}: choose another, or run 'chown ${uid} ${path}'`;
  }
  if ((found.mode & 0o022) !== 0) {
    return `the ${what} ${path} can be written by others (mode ${octal(found)}): run 'chmod go-w ${path}'`;
  }
  return undefined;
}

/** A parent that anybody may write lets anybody put another folder in place of ours, unless it is sticky as /tmp is. */
async function parentProblem(path: string, what: string, { uid }: FolderOwner): Promise<string | undefined> {
  if (uid === undefined) {
    return undefined;
  }
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    const found = await stat(parent);
    if ((found.mode & 0o002) !== 0 && (found.mode & 0o1000) === 0) {
      return `the ${what} ${path} could be replaced by others, since ${parent} is writable by everybody (mode ${octal(found)}): choose another, or run 'chmod o-w ${parent}'`;
    }
    if (parent === dirname(parent)) {
      return undefined;
    }
  }
}

function octal(found: Stats): string {
  return (found.mode & 0o7777).toString(8).padStart(4, '0');
}
