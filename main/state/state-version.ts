import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './write-atomically.ts';

/** Version of the state folder's layout; it grows when an older Lockkeeper would misread what a newer one wrote. */
export const STATE_VERSION = 1;

const FILE = 'version';

/** Why this Lockkeeper must keep off a state folder; undefined when it may use it. A folder without a version is new. */
export async function stateVersionProblem(folder: string): Promise<string | undefined> {
  const path = join(folder, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const why = error instanceof Error ? error.message : String(error);
    return `the version of the state folder ${folder} cannot be read (${why}): make ${path} readable, or choose another folder with --state`;
  }
  if (!/^\d{1,9}\n?$/.test(text)) {
    return `${path} does not hold the version of a state folder: put ${STATE_VERSION} into it if the folder is Lockkeeper's, or choose another folder with --state`;
  }
  if (Number(text) <= STATE_VERSION) return undefined;
  return `the state folder ${folder} was written by a newer Lockkeeper (its version is ${Number(text)}, and this one knows ${STATE_VERSION}): run the newer one, or choose another folder with --state`;
}

/** Notes in the folder which layout it has. Rejects with the system's error. */
export async function writeStateVersion(folder: string): Promise<void> {
  const path = join(folder, FILE);
  const text = `${STATE_VERSION}\n`;
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found !== text) await writeAtomically(path, text);
}
