import type { BigIntStats } from 'node:fs';

/** Who has to own a file: the administrator, the user who runs us, or either of them (a file named by `--settings`). */
export type Owner = 'administrator' | 'user' | 'either';

/** Tells why an open file is not to be trusted, as an end of the sentence "The file …"; undefined when it is. */
export type Trust = (path: string, stats: BigIntStats, owner: Owner) => Promise<string | undefined>;

const ROOT = 0;
const WRITABLE_BY_OTHERS = 0o022n;

/** Owner and mode, as the open descriptor has them. */
export function posixTrust(uid: number): Trust {
  return async (path, stats, owner) => {
    const found = Number(stats.uid);
    const owners = { administrator: [ROOT], user: [uid], either: [ROOT, uid] }[owner];
    if (!owners.includes(found)) {
      const wanted = [...new Set(owners)].map(userName).join(' or ');
      const remedy = `chown ${owners[0]} ${shellWord(path)}`;
      return `is owned by ${userName(found)}, but must be owned by ${wanted} (${remedy})`;
    }
    if ((stats.mode & WRITABLE_BY_OTHERS) !== 0n) {
      const mode = (stats.mode & 0o7777n).toString(8).padStart(4, '0');
      return `has mode ${mode}, so that others than its owner can write to it (chmod go-w ${shellWord(path)})`;
    }
    return undefined;
  };
}

function userName(uid: number): string {
  return uid === ROOT ? 'root' : `user ${uid}`;
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
