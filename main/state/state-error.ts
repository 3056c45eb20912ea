/** What keeps us from keeping state, in a sentence for people that names the thing and the remedy. */
export class StateError extends Error {}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free space on it',
  EDQUOT: 'the disk quota is used up; free space, or raise it',
  EROFS: 'the file system is read-only; mount it writable',
  EACCES: 'the permission is missing; give it to the user who runs Lockkeeper',
  EPERM: 'the permission is missing; give it to the user who runs Lockkeeper',
  EIO: 'the disk reports an error; see the system log',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine; close some',
  EEXIST: 'something else is in its place; move that away',
  ENOTDIR: 'a file is in the place of a folder; move that away',
  ENOENT: 'the folder is gone; Lockkeeper makes it anew, so try again',
};

/** The failure of a write to `path` in words; what is no failure of the system stays as it is. */
export function stateError(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const why = REMEDIES[error.code] ?? error.message;
  return new StateError(`${path} cannot be written: ${why}`, { cause: error });
}
