import { posix } from 'node:path';
import type { TargetFact } from '../../shared/decision/plan-delivery.ts';
import type { PathStat } from '../engine/container-paths.ts';

/** What an image has at its paths. An image never changes, so that each is asked for once. */
export interface ImagePaths {
  stat(path: string): Promise<PathStat | undefined>;
  isEmptyFolder(path: string): Promise<boolean>;
  /** Where the image has volumes of its own. */
  volumes(): Promise<readonly string[]>;
}

/** Where a path of an image really is. */
export interface RealPath {
  readonly real: string;
  readonly holds: TargetFact['holds'];
  /** Why nothing can be there. */
  readonly problem?: string;
}

/** As many links on the way to a path as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** Follows the links of an image, in its last component too, as the engine's mounts do; what is missing is as spelled. */
export async function realPath(paths: Pick<ImagePaths, 'stat'>, path: string): Promise<RealPath> {
  let done = '/';
  let left = namesIn(path);
  for (let links = 0; ; ) {
    const [name, ...rest] = left;
    if (name === undefined) return { real: done, holds: 'folder' };
    const next = posix.join(done, name);
    const found = await paths.stat(next);
    if (found === undefined) return { real: posix.join(done, ...left), holds: 'nothing' };
    if (found.isLink) {
      links += 1;
      if (links > MOST_LINKS) return { real: next, holds: 'file', problem: `${path} has too many links on its way` };
      left = [...namesIn(posix.resolve(done, found.linkTarget)), ...rest];
      done = '/';
      continue;
    }
    if (!found.isFolder) return atFile(next, rest, path);
    done = next;
    left = rest;
  }
}

function atFile(real: string, rest: readonly string[], path: string): RealPath {
  if (rest.length === 0) return { real, holds: 'file' };
  return { real, holds: 'file', problem: `${real} in the image is not a folder, so nothing fits at ${path}` };
}

function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** What the image says to one target of a socket. */
export async function targetFact(
  paths: ImagePaths,
  target: string,
  asksForParent: boolean,
): Promise<TargetFact | { readonly problem: string }> {
  const { real, holds, problem } = await realPath(paths, target);
  if (problem !== undefined) return { problem };
  const parent = posix.dirname(real);
  const isParentEmpty = asksForParent && holds === 'nothing' && (await isFree(paths, parent));
  return { target, real, holds, isParentEmpty };
}

async function isFree(paths: ImagePaths, folder: string): Promise<boolean> {
  return (await paths.stat(folder)) === undefined || paths.isEmptyFolder(folder);
}
