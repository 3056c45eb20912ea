import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { Known, ProtectedSocket } from './known-sockets.ts';

/** How long the list of paths is taken as it is. What is at them is looked at each time. */
const FRESH_MS = 1_000;

/** Lists the paths at which protected sockets are now, or may be where we are not allowed to look. */
export function socketFinder(patterns: readonly Known[]): () => Promise<readonly ProtectedSocket[]> {
  let last: { readonly at: number; readonly sockets: Promise<readonly ProtectedSocket[]> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > FRESH_MS) last = { at: now, sockets: findSockets(patterns) };
    return last.sockets;
  };
}

async function findSockets(patterns: readonly Known[]): Promise<readonly ProtectedSocket[]> {
  const found = await Promise.all(
    patterns.map(async ([pattern, as]) => {
      const paths = await expand(pattern);
      const maybe = await Promise.all(paths.map(mayBeThere));
      return paths
        .filter((_path, index) => maybe[index])
        .map((path): ProtectedSocket => ({ path, name: path, as, isAwaited: false }));
    }),
  );
  return found.flat();
}

async function mayBeThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

/** The paths that a pattern stands for: names are listed where it has a star, everything else is taken as it is. */
async function expand(pattern: string): Promise<readonly string[]> {
  const parts = pattern.split('/').slice(1);
  let paths = [''];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const lists = await Promise.all(paths.map((path) => namesIn(path, part, isLast)));
    paths = lists.flat();
  }
  return paths;
}

async function namesIn(folder: string, part: string, isLast: boolean): Promise<string[]> {
  const star = part.indexOf('*');
  if (star === -1) return [`${folder}/${part}`];
  const ending = part.slice(star + 1);
  const entries = await readdir(folder === '' ? '/' : folder, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries
    .filter((entry) => entry.name.endsWith(ending) && (isLast || entry.isDirectory()))
    .map((entry) => `${folder}/${entry.name}`);
}
