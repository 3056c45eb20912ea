import { stat } from 'node:fs/promises';
import { normalize } from 'node:path/posix';
import { socketUrl } from '../../shared/engine-api/socket-url.ts';

/** Whether a DOCKER_HOST leads to the socket at a path, by that name or another (`/var/run` is a link to `/run`). */
export async function leadsTo(url: string, path: string): Promise<boolean> {
  if (url === socketUrl(path)) return true;
  if (!url.startsWith('unix://')) return url.toLowerCase() === socketUrl(path).toLowerCase();
  return isSameFile(url.slice('unix://'.length), path);
}

/** Whether two paths are names of the same file; of files that are not there, whether the paths are the same. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  if (normalize(one) === normalize(other)) return true;
  const [first, second] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)));
  return first !== undefined && second !== undefined && first.dev === second.dev && first.ino === second.ino;
}
