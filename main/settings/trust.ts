import type { BigIntStats } from 'node:fs';

/** Who has to own a file: the administrator, the user who runs us, or either of them (a file named by `--settings`). */
export type Owner = 'administrator' | 'user' | 'either';

/** Tells why an open file is not to be trusted, as an end of the sentence "The file …"; undefined when it is. */
export type Trust = (path: string, stats: BigIntStats, owner: Owner) => Promise<string | undefined>;

const ROOT = 0;
const WRITABLE_BY_GROUP = 0o020n;
const WRITABLE_BY_ALL = 0o002n;

/** Owner and mode, as the open descriptor has them. */
export function posixTrust(uid: number): Trust {
  return async (path, stats, owner) => {
    const owners = { administrator: [ROOT], user: [uid], either: [ROOT, uid] }[owner];
    return ownerDoubt(path, stats, owners) ?? (othersMayWrite(stats) ? modeDoubt(path, stats) : undefined);
  };
}

/** Says, as the end of a sentence, that somebody else owns a file, folder or link, and how to give it to the first. */
export function ownerDoubt(
  path: string,
  stats: Pick<BigIntStats, 'uid' | 'isSymbolicLink'>,
  owners: readonly number[],
): string | undefined {
  const found = Number(stats.uid);
  if (owners.includes(found)) {
    return undefined;
  }
  const wanted = [...new Set(owners)].map(userName).join(' or ');
  const chown = stats.isSymbolicLink() ? 'chown -h' : 'chown';
  return `is owned by ${userName(found)}, but must be owned by ${wanted} (${chown} ${owners[0]} ${shellWord(path)})`;
}

/** Says the same of a mode by which others may write. */
export function modeDoubt(path: string, stats: Pick<BigIntStats, 'mode'>): string {
  const mode = (stats.mode & 0o7777n).toString(8).padStart(4, '0');
  return `has mode ${mode}, so that others than its owner can write to it (chmod go-w ${shellWord(path)})`;
}

/** Whether the mode lets others than the owner write, but for groups whose members are trusted anyway. */
export function othersMayWrite(
  { mode, gid }: Pick<BigIntStats, 'mode' | 'gid'>,
  trustedGroups: readonly number[] = [],
): boolean {
  const byGroup = (mode & WRITABLE_BY_GROUP) !== 0n && !trustedGroups.includes(Number(gid));
  return byGroup || (mode & WRITABLE_BY_ALL) !== 0n;
}

function userName(uid: number): string {
  return uid === ROOT ? 'root' : `user ${uid}`;
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
