import type { BigIntStats } from 'node:fs';
import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import type { Mount, MountTable } from './mount-table.ts';

/** What stat says of a thing, as far as it matters here. */
export interface Identity {
  /** Device and inode: the same for two names exactly when they name the same thing. */
  readonly key: string;
  readonly device: bigint;
  readonly isFolder: boolean;
  readonly isSocket: boolean;
  /** The file system on a block device, as stat and mountinfo name it; undefined for everything else. */
  readonly blockDevice?: bigint;
  readonly links: bigint;
}

/** What a path leads to, links followed as the kernel does. */
export type Look =
  | {
      readonly kind: 'found';
      readonly identity: Identity;
      /** Without links, in our mount namespace. */
      readonly path: string;
      /** Whether a link of a process (`/proc/PID/cwd`, `root`, `fd`) was on the way. */
      readonly throughProcess: boolean;
    }
  /** Nothing is there; `path` is what would be made, links followed as far as there are any. */
  | { readonly kind: 'missing'; readonly path: string; readonly throughProcess: boolean }
  | { readonly kind: 'failed'; readonly why: string };

/** As many links as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** Finds out what an absolute path leads to. Never rejects. */
export async function look(path: string, mounts: MountTable | undefined): Promise<Look> {
  if (path.includes('\0')) return { kind: 'failed', why: 'a path cannot have a NUL byte' };
  const [found, real] = await Promise.allSettled([stat(path, { bigint: true }), realpath(path)]);
  if (found.status === 'rejected') {
    const trail = isMissing(found.reason) ? await followLinks(path, mounts) : failed(path, found.reason);
    if (trail.kind === 'failed') return trail;
    return { kind: 'missing', path: trail.path, throughProcess: trail.throughProcess };
  }
  const identity = toIdentity(found.value);
  if (real.status === 'fulfilled' && real.value === path) {
    return { kind: 'found', identity, path, throughProcess: false };
  }
  const trail = await followLinks(path, mounts);
  // What stat reached by a way that cannot be followed by reading links lies beyond some process.
  if (trail.kind !== 'end') return { kind: 'found', identity, path, throughProcess: true };
  return { kind: 'found', identity, path: trail.path, throughProcess: trail.throughProcess };
}

/** The identity of what a path leads to; undefined when it cannot be told. */
export async function identityOf(path: string): Promise<Identity | undefined> {
  return stat(path, { bigint: true }).then(toIdentity, () => undefined);
}

function toIdentity(stats: BigIntStats): Identity {
  return {
    key: `${stats.dev}:${stats.ino}`,
    device: stats.dev,
    isFolder: stats.isDirectory(),
    isSocket: stats.isSocket(),
    ...(stats.isBlockDevice() && { blockDevice: stats.rdev }),
    links: stats.nlink,
  };
}

type Trail =
  | { readonly kind: 'end' | 'missing'; readonly path: string; readonly throughProcess: boolean }
  | { readonly kind: 'failed'; readonly why: string };

/** Follows links by reading them, to learn which were on the way. */
async function followLinks(path: string, mounts: MountTable | undefined): Promise<Trail> {
  const left = parts(path);
  let done = '/';
  let throughProcess = false;
  for (let links = 0; ; ) {
    const part = left.pop();
    if (part === undefined) return { kind: 'end', path: done, throughProcess };
    const next = posix.join(done, part);
    const target = await readLink(next);
    if (target.kind === 'failed') return target;
    if (target.kind === 'missing') {
      // What is not in /proc now may be there at the start, with any process behind it.
      throughProcess ||= processFileSystem(next, mounts) !== undefined;
      return { kind: 'missing', path: posix.join(next, ...left.reverse()), throughProcess };
    }
    if (target.kind === 'none' || isNamespace(next, mounts)) {
      done = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return failed(path, { code: 'ELOOP' });
    throughProcess ||= isProcessLink(next, mounts);
    left.push(...parts(target.to));
    if (target.to.startsWith('/')) done = '/';
  }
}

function parts(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .reverse();
}

type Link =
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly why: string };

async function readLink(path: string): Promise<Link> {
  try {
    return { kind: 'link', to: await readlink(path) };
  } catch (error) {
    if (codeOf(error) === 'EINVAL') return { kind: 'none' };
    return isMissing(error) ? { kind: 'missing' } : failed(path, error);
  }
}

/**
 * A link in /proc/PID leads where the process is, which may be another mount namespace, and may change. Those directly
 * in /proc (`self`, `mounts`) only say which process.
 */
function isProcessLink(path: string, mounts: MountTable | undefined): boolean {
  const folder = posix.dirname(path);
  const proc = processFileSystem(path, mounts);
  return proc !== undefined && !(proc.root === '/' && proc.point === folder);
}

/** The links in /proc/PID/ns look like others but lead to no file. */
function isNamespace(path: string, mounts: MountTable | undefined): boolean {
  return basename(posix.dirname(path)) === 'ns' && processFileSystem(path, mounts) !== undefined;
}

/** The procfs that a path lies on, if it does. */
function processFileSystem(path: string, mounts: MountTable | undefined): Mount | undefined {
  const mount = mounts?.at(path);
  return mount?.type === 'proc' ? mount : undefined;
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? error);
}

function failed(path: string, error: unknown): { readonly kind: 'failed'; readonly why: string } {
  const code = codeOf(error);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return { kind: 'failed', why: `Lockkeeper runs as user ${process.geteuid?.()} and may not look at ${path}` };
    case 'ELOOP':
      return { kind: 'failed', why: 'there are too many links on its way' };
    case 'ENAMETOOLONG':
      return { kind: 'failed', why: 'the path is too long to be looked at' };
    default:
      return { kind: 'failed', why: `${path} could not be looked at (${code})` };
  }
}
