import { basename, dirname, join, relative, sep } from 'node:path';
import { prepareFolder } from '../state/state-folder.ts';

/** Where the journal goes, and how large it may become. */
export interface JournalPlace {
  /** Absolute path of the file; absent: `journal.jsonl` in the state folder. */
  readonly path?: string;
  /** Bytes that all of its files may have together. */
  readonly maxBytes: number;
}

/** Where lines are written to, and why it is not where they were wanted. */
export interface SettledPath {
  readonly path: string;
  readonly problem?: string;
}

/**
 * The path itself when only we can write in its folder, otherwise the journal's home in the state folder: events are
 * never lost to a wrong setting. The folder is made where it is missing. Inside the state folder only the top will do,
 * since folders below it are mounted into containers.
 */
export async function settlePath(wanted: string | undefined, home: string): Promise<SettledPath> {
  if (wanted === undefined) {
    return { path: home };
  }
  const folder = await prepareFolder(dirname(wanted), 'folder of lockkeeper.audit.path', { uid: process.getuid?.() });
  if (!folder.ok) {
    return { path: home, problem: folder.message };
  }
  const below = relative(dirname(home), folder.path);
  if (below !== '' && below !== '..' && !below.startsWith(`..${sep}`)) {
    const problem = `lockkeeper.audit.path is ${wanted}, in a folder of Lockkeeper's own state: choose another folder`;
    return { path: home, problem };
  }
  return { path: join(folder.path, basename(wanted)) };
}
