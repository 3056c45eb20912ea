import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../state/write-atomically.ts';

/** A refresh that is under way: which image, and the ID of the one that goes. */
const note = z.strictObject({ image: z.string().max(600), oldImageId: z.string().max(200) });
export type RefreshNote = z.infer<typeof note>;

/** What must be finished when we are killed in the middle. */
export interface RefreshNotes {
  /** Those that an earlier run left; what this one adds is not among them. */
  left(): Promise<readonly RefreshNote[]>;
  add(note: RefreshNote): Promise<void>;
  drop(note: RefreshNote): Promise<void>;
}

const FILE = 'refreshes.json';

export function refreshNotes(stateFolder: string): RefreshNotes {
  const path = join(stateFolder, FILE);
  const fromBefore = read(path);
  let open = fromBefore;
  const change = (how: (notes: readonly RefreshNote[]) => readonly RefreshNote[]): Promise<void> => {
    const before = open;
    const after = before.then(async (notes) => {
      const next = how(notes);
      await writeAtomically(path, `${JSON.stringify(next)}\n`);
      return next;
    });
    // One that could not be written must not keep the next from being.
    open = after.catch(() => before);
    return after.then(() => undefined);
  };
  return {
    left: () => fromBefore,
    add: (one) => change((notes) => [...notes, one]),
    drop: (one) =>
      change((notes) => notes.filter(({ image, oldImageId }) => image !== one.image || oldImageId !== one.oldImageId)),
  };
}

/** What cannot be read is no note: all that is lost by it is an old image that nobody removes. */
async function read(path: string): Promise<readonly RefreshNote[]> {
  try {
    return z.array(note).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return [];
  }
}
