import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pollFiles } from './poll.ts';

/** Milliseconds of quiet after which a burst of events counts as one change. */
const QUIET = 50;
/** A folder that never comes to rest (logs beside the file) must not hold a change back for longer than this. */
const LONGEST_WAIT = 400;
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
 * What the system does not tell is found by looking.
 */
export function watchFiles(files: readonly string[], onChange: () => void): Watch {
  const watchers = new Map<string, { watcher: FSWatcher; target: Target }>();
  let quiet: NodeJS.Timeout | undefined;
  let waitingSince: number | undefined;

  const fire = () => {
    quiet = undefined;
    waitingSince = undefined;
    // Before what is told of is read, so that what changes from here on is told of, too.
    poll.seen();
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
      // No watches left, or a folder that may not be read; looking goes on.
    }
  };
  const forget = (folder: string) => {
    watchers.get(folder)?.watcher.close();
    watchers.delete(folder);
  };

  const poll = pollFiles(files, changed);
  arm();
  return {
    close: () => {
      clearTimeout(quiet);
      poll.close();
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
