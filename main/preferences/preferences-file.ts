import { join } from 'node:path';
import { z } from 'zod';
import { defaultPreferences, type Preferences, preferencesSchema } from '../../shared/ipc/preferences.ts';
import { readFileOnce } from '../settings/file-reading.ts';
import { writeAtomically } from '../state/write-atomically.ts';

/** Grows when an older Lockkeeper would misread what a newer one wrote; another preference is no reason for that. */
const VERSION = 1;

export function preferencesFile(stateFolder: string): string {
  return join(stateFolder, 'preferences.json');
}

/** What a file holds, the defaults for what it does not; or why it does not count, as the end of "The file …". */
export type ReadPreferences =
  | { readonly ok: true; readonly preferences: Preferences }
  | { readonly ok: false; readonly why: string };

/** Never rejects, and never waits for what is no file: what somebody put in its place is not worth a start. */
export async function readPreferences(path: string): Promise<ReadPreferences> {
  const reading = await readFileOnce(path, { followLinks: false });
  switch (reading.kind) {
    case 'missing':
      return { ok: true, preferences: defaultPreferences };
    case 'link':
      return { ok: false, why: 'is a symbolic link' };
    case 'unreadable':
      return { ok: false, why: reading.problem };
    case 'read':
      return fromText(new TextDecoder().decode(reading.bytes));
  }
}

/** What counts in a state folder before anything runs there; never rejects. */
export async function chosenIn(stateFolder: string): Promise<Preferences> {
  const read = await readPreferences(preferencesFile(stateFolder));
  return read.ok ? read.preferences : defaultPreferences;
}

/** Rejects with the system's error; the old file is then untouched. */
export async function writePreferences(path: string, preferences: Preferences, halfWay: () => void): Promise<void> {
  await writeAtomically(path, `${JSON.stringify({ version: VERSION, ...preferences }, undefined, 2)}\n`, halfWay);
}

const versioned = z.looseObject({ version: z.int().min(1) });

function fromText(text: string): ReadPreferences {
  const parsed = versioned.safeParse(parseJson(text));
  if (!parsed.success) return { ok: false, why: 'does not hold what Lockkeeper writes' };
  if (parsed.data.version > VERSION) return { ok: false, why: 'was written by a newer Lockkeeper' };
  return { ok: true, preferences: preferencesSchema.parse({ ...defaultPreferences, ...known(parsed.data) }) };
}

/** One by one: a value that this version does not know costs only its own preference. */
function known(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const usable = Object.entries(preferencesSchema.shape).filter(
    ([name, schema]) => schema.safeParse(values[name]).success,
  );
  return Object.fromEntries(usable.map(([name]) => [name, values[name]]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
