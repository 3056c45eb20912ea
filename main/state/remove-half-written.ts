import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HALF_WRITTEN } from './write-atomically.ts';

/** Drafts of locks are used within milliseconds; a starter that is on its way keeps its own. */
const DRAFT_MS = 60_000;

/** Removes what writes and starts have left half done that a crash interrupted. For whoever holds the folder's lock. */
export async function removeHalfWritten(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const isOldDraft = name.endsWith('.draft') && (await ageOf(path)) > DRAFT_MS;
    if (name.endsWith(HALF_WRITTEN) || isOldDraft) await rm(path, { recursive: true, force: true });
  }
}

/** In milliseconds; as much where the clock was set back since. */
async function ageOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Math.abs(Date.now() - mtimeMs),
    () => 0,
  );
}
