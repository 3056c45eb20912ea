import { isStillThere, type JournalDisk, type JournalFile, openJournalFile } from './journal-file.ts';
import type { WriterNews } from './journal-news.ts';
import { fileShare, rotate } from './kept-files.ts';
import { type JournalPlace, settlePath } from './place.ts';

export interface OpenFilesOptions {
  /** The file's path where nothing else is wanted, or where that cannot be had. */
  readonly home: string;
  /** What is wanted now; asked for each batch. */
  readonly place: () => JournalPlace;
  /** Milliseconds after which a place that could not be had is looked at again. */
  readonly recheckMs: number;
  readonly tell: (news: WriterNews) => void;
  readonly disk: JournalDisk;
}

/** The open file, whichever that has to be now. */
export function openFiles({ home, place, recheckMs, tell, disk }: OpenFilesOptions) {
  let file: JournalFile | undefined;
  /** What was wanted when the file was opened. */
  let wanted: string | undefined;
  let lastPath: string | undefined;
  let misplaced: string | undefined;
  let settledAt = 0;

  async function close(): Promise<void> {
    const old = file;
    file = undefined;
    await old?.handle.close().catch(() => undefined);
  }

  async function open(path: string | undefined): Promise<JournalFile> {
    const { opened, problem } = await openSettled(path, home, disk);
    wanted = path;
    settledAt = performance.now();
    if (problem !== misplaced) {
      misplaced = problem;
      if (problem !== undefined) tell({ kind: 'misplaced', path: opened.path, problem });
    }
    // What this run itself had to leave half is written again, and no news.
    if (opened.wasCut && opened.path !== lastPath) {
      tell({ kind: 'cut', path: opened.path });
    }
    lastPath = opened.path;
    return opened;
  }

  return {
    path: () => lastPath ?? home,
    misplaced: () => misplaced,
    close,
    /** The file that takes the next `bytes`; rotated, moved or opened anew where that is due. */
    async fileFor(bytes: number): Promise<JournalFile> {
      const { path, maxBytes } = place();
      const isDue = misplaced !== undefined && performance.now() - settledAt > recheckMs;
      if (file !== undefined && (path !== wanted || isDue || !(await isStillThere(file)))) {
        await close();
      }
      file ??= await open(path);
      if (file.size > 0 && file.size + bytes > fileShare(maxBytes)) {
        const full = file;
        await rotate(full, maxBytes, disk);
        file = undefined;
        file = await open(path);
      }
      return file;
    },
  };
}

/** Opens what is wanted; where that cannot be, the file at home, with the reason. Rejects when that fails as well. */
async function openSettled(
  wanted: string | undefined,
  home: string,
  disk: JournalDisk,
): Promise<{ readonly opened: JournalFile; readonly problem?: string }> {
  const { path, problem } = await settlePath(wanted, home);
  if (path === home) {
    return { opened: await openJournalFile(home, disk), ...(problem !== undefined && { problem }) };
  }
  try {
    return { opened: await openJournalFile(path, disk) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { opened: await openJournalFile(home, disk), problem: `lockkeeper.audit.path cannot be used (${why})` };
  }
}
