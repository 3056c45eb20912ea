import { type BigIntStats, promises } from 'node:fs';
import { posix } from 'node:path';
import { errorCode } from './file-reading.ts';
import { modeDoubt, type Owner, othersMayWrite, ownerDoubt } from './trust.ts';

/**
 * Tells whether others could put another file in place of one, or take it away, since they may change a folder or a
 * link on the way to it: an end of the sentence "… others could …: ", that names what it is about; undefined when not.
 */
export type WayTrust = (path: string, owner: Owner) => Promise<string | undefined>;

export type EntryStats = Pick<BigIntStats, 'uid' | 'gid' | 'mode' | 'isSymbolicLink'>;

/** What is asked of the file system; injected, so that what other systems answer can be tried here. */
export interface Look {
  lstat(path: string): Promise<EntryStats>;
  readlink(path: string): Promise<string>;
}

export interface WayOptions {
  /** Groups whose members may become the administrator anyway; they may write to folders. */
  readonly trustedGroups?: readonly number[];
  readonly look?: Look;
}

const ROOT = 0;
const STICKY = 0o1000n;
/** As many as the Linux kernel follows (path_resolution(7)). */
const MOST_LINKS = 40;

const thisSystem: Look = { lstat: (path) => promises.lstat(path, { bigint: true }), readlink: promises.readlink };

/**
 * Goes to the file as the system does, from the root and through links, and judges every folder that it comes through.
 * In a folder with the sticky bit (such as /tmp) others may only change what they own, so there it is the entry's owner
 * that counts.
 */
export function posixWayTrust(uid: number, { trustedGroups = [], look = thisSystem }: WayOptions = {}): WayTrust {
  return async (path, owner) => {
    const owners = owner === 'administrator' ? [ROOT] : [...new Set([ROOT, uid])];
    const judge = (folder: string, stats: EntryStats, inSticky: boolean) => {
      if (stats.isSymbolicLink()) {
        return inSticky ? about('link', folder, ownerDoubt(folder, stats, owners)) : undefined;
      }
      const doubt = ownerDoubt(folder, stats, owners);
      const open = othersMayWrite(stats, trustedGroups) && !isSticky(stats);
      return about('folder', folder, doubt ?? (open ? modeDoubt(folder, stats) : undefined));
    };
    try {
      return await walk(path, look, judge);
    } catch (error) {
      return `the way to it could not be looked at (${errorCode(error)})`;
    }
  };
}

type Judge = (path: string, stats: EntryStats, inSticky: boolean) => string | undefined;

/** Judges the folders and links from the root to a file, but not the file; ends early where one is missing. */
async function walk(path: string, look: Look, judge: Judge): Promise<string | undefined> {
  let folder = '/';
  let stats = await look.lstat(folder);
  const names = path.split('/');
  let links = 0;
  let doubt = judge(folder, stats, false);
  while (names.length > 1 && doubt === undefined) {
    const name = names.shift() ?? '';
    if (name === '' || name === '.') continue;
    const next = posix.join(folder, name);
    const found = await lstatOrMissing(look, next);
    if (found === undefined) return undefined;
    doubt = judge(next, found, isSticky(stats));
    if (!found.isSymbolicLink()) {
      folder = next;
      stats = found;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return 'there are too many links on the way to it';
    const target = await look.readlink(next);
    names.unshift(...target.split('/'));
    if (target.startsWith('/')) {
      folder = '/';
      stats = await look.lstat(folder);
    }
  }
  return doubt;
}

async function lstatOrMissing(look: Look, path: string): Promise<EntryStats | undefined> {
  try {
    return await look.lstat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function isSticky({ mode }: EntryStats): boolean {
  return (mode & STICKY) !== 0n;
}

function about(what: 'folder' | 'link', path: string, doubt: string | undefined): string | undefined {
  return doubt === undefined ? undefined : `the ${what} ${path} ${doubt}`;
}
