import { type BigIntStats, lstatSync, promises, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from './file-reading.ts';

/** Milliseconds from one look to the next. */
const EVERY = 500;

export interface Poll {
  /** Takes everything as it is now for known. */
  seen(): void;
  close(): void;
}

/** Something to look at, and what of it matters; looked at in two ways, since a file system that hangs must not hang us. */
interface Sight {
  readonly now: () => BigIntStats;
  readonly later: () => Promise<BigIntStats>;
  readonly marks: (stats: BigIntStats) => readonly bigint[];
}

/**
 * Looks at files, and at who may write to the folders above them, twice in a second. The system tells nothing of network
 * file systems, of what is mounted over a folder, or of a link higher up that leads elsewhere now; it may have no
 * watches left, and it loses news of busy folders.
 */
export function pollFiles(files: readonly string[], changed: () => void): Poll {
  const folders = [...new Set(files.flatMap(foldersAbove))];
  const sights = [...files.map(fileSight), ...folders.map(folderSight)];
  const signNow = () => sights.map(({ now, marks }) => settle(() => marks(now()).join(' '))).join('\n');
  let known = signNow();
  let looks = 0;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    looks += 1;
    const mine = looks;
    const signs = sights.map(({ later, marks }) => later().then((stats) => marks(stats).join(' '), errorCode));
    const found = (await Promise.all(signs)).join('\n');
    if (timer === undefined) {
      return;
    }
    timer = wait();
    // What was seen meanwhile is newer.
    if (mine === looks && found !== known) {
      known = found;
      changed();
    }
  };
  const wait = () => setTimeout(() => void look(), EVERY).unref();
  timer = wait();
  return {
    seen: () => {
      looks += 1;
      known = signNow();
    },
    close: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** What changes about a file with its contents, its owner, its mode, or another file in its place. */
function fileSight(path: string): Sight {
  return {
    now: () => lstatSync(path, { bigint: true }),
    later: () => promises.lstat(path, { bigint: true }),
    marks: ({ dev, ino, ctimeNs, mtimeNs, size }) => [dev, ino, ctimeNs, mtimeNs, size],
  };
}

/** What decides who may write to a folder; its times would tell of every file in it. */
function folderSight(path: string): Sight {
  return {
    now: () => statSync(path, { bigint: true }),
    later: () => promises.stat(path, { bigint: true }),
    marks: ({ dev, ino, mode, uid, gid }) => [dev, ino, mode, uid, gid],
  };
}

function settle(sign: () => string): string {
  try {
    return sign();
  } catch (error) {
    return errorCode(error);
  }
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [...foldersAbove(folder), folder];
}
