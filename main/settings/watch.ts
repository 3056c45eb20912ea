import { type FSWatcher, lstatSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Milliseconds of quiet after which a burst of events counts as one change. */
const QUIET = 50;
/** A folder that never comes to rest (logs beside the file) must not hold a change back for longer than this. */
const LONGEST_WAIT = 400;
/** How often files are looked at where the system cannot watch folders (inotify used up, network file systems). */
const POLL = 500;

/** How often in a row folders may come or go while we begin to watch them. */
const ROUNDS = 8;

/** A folder as it was when we began to watch it, and the names in it that matter. */
interface Target {
  readonly inode: bigint;
  readonly names: ReadonlySet<string>;
}

export interface Watch {
  close(): void;
}

/**
 * Tells when something may have become of files that exist or may come to exist. Editors replace files, so it is their
 * folders that are watched; of a folder that does not exist (yet, or any more) the nearest one above it, until it does.
 */
export function watchFiles(files: readonly string[], onChange: () => void): Watch {
  const watchers = new Map<string, { watcher: FSWatcher; target: Target }>();
  let poll: NodeJS.Timeout | undefined;
  let quiet: NodeJS.Timeout | undefined;
  let waitingSince: number | undefined;

  const fire = () => {
    quiet = undefined;
    waitingSince = undefined;
    onChange();
  };
  const changed = () => {
    arm();
    waitingSince ??= performance.now();
    if (quiet === undefined || performance.now() - waitingSince < LONGEST_WAIT) {
      clearTimeout(quiet);
      quiet = setTimeout(fire, QUIET);
    }
  };
  /** Watches what has to be watched now; again, if folders came or went meanwhile. */
  const arm = () => {
    for (let round = 0; round < ROUNDS; round++) {
      const wanted = foldersToWatch(files);
      const stale = [...watchers].filter(([folder, { target }]) => !sameTarget(wanted.get(folder), target));
      for (const [folder] of stale) {
        forget(folder);
      }
      const missing = [...wanted].filter(([folder]) => !watchers.has(folder));
      if (missing.length === 0) {
        return;
      }
      for (const [folder, target] of missing) {
        armFolder(folder, target);
      }
    }
  };
  const armFolder = (folder: string, target: Target) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        // Under the folder's own name it has itself been moved or removed; without any, it may be about anything.
        const self = name === basename(folder);
        if (self) {
          forget(folder);
        }
        if (self || name === null || target.names.has(name)) {
          changed();
        }
      });
      watcher.on('error', () => {
        forget(folder);
        changed();
      });
      watchers.set(folder, { watcher, target });
    } catch {
      poll ??= pollFiles(files, changed);
    }
  };
  const forget = (folder: string) => {
    watchers.get(folder)?.watcher.close();
    watchers.delete(folder);
  };

  arm();
  return {
    close: () => {
      clearTimeout(quiet);
      clearInterval(poll);
      for (const { watcher } of watchers.values()) {
        watcher.close();
      }
      watchers.clear();
    },
  };
}

/** The folders to watch: of each file its own and the one above, or the nearest that exist. */
function foldersToWatch(files: readonly string[]): Map<string, Target> {
  const wanted = new Map<string, Target>();
  const add = (path: string) => {
    const folder = dirname(path);
    const names = wanted.get(folder)?.names ?? [];
    wanted.set(folder, { inode: folderInode(folder) ?? 0n, names: new Set([...names, basename(path)]) });
  };
  for (const file of files) {
    let path = file;
    while (folderInode(dirname(path)) === undefined && dirname(path) !== path) {
      path = dirname(path);
    }
    add(path);
    // The folder itself can be replaced, too.
    add(dirname(path));
  }
  return wanted;
}

function folderInode(path: string): bigint | undefined {
  try {
    const stats = statSync(path, { bigint: true });
    return stats.isDirectory() ? stats.ino : undefined;
  } catch {
    return undefined;
  }
}

function sameTarget(one: Target | undefined, other: Target): boolean {
  return (
    one !== undefined &&
    one.inode === other.inode &&
    one.names.size === other.names.size &&
    [...one.names].every((name) => other.names.has(name))
  );
}

function pollFiles(files: readonly string[], changed: () => void): NodeJS.Timeout {
  let last = fingerprint(files);
  const timer = setInterval(() => {
    const now = fingerprint(files);
    if (now !== last) {
      last = now;
      changed();
    }
  }, POLL);
  return timer.unref();
}

/** What changes about a file with its contents, its owner, its mode, or another file in its place. */
function fingerprint(files: readonly string[]): string {
  return files
    .map((file) => {
      try {
        const { ino, ctimeNs, mtimeNs, size } = lstatSync(file, { bigint: true });
        return `${ino} ${ctimeNs} ${mtimeNs} ${size}`;
      } catch (error) {
        return String(error);
      }
    })
    .join('\n');
}
