import { posix } from 'node:path';

/** Cleans a path by its spelling alone, as Go's filepath.Clean does, which moby does with every bind source. */
export function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

/** The folders above a cleaned absolute path, the nearest first, the root last. */
export function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = path; folder !== '/' && folder !== '.'; ) {
    folder = posix.dirname(folder);
    folders.push(folder);
  }
  return folders;
}
