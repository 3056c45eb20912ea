import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readFileOnce } from '../settings/file-reading.ts';
import { writeAtomically } from '../state/write-atomically.ts';

export function observationFile(stateFolder: string): string {
  return join(stateFolder, 'observing.json');
}

const record = z.strictObject({ version: z.literal(1), begun: z.iso.datetime(), until: z.iso.datetime() });

/** Since when and until when Lockkeeper observes, in milliseconds since 1970. */
export interface KeptObservation {
  readonly begun: number;
  readonly until: number;
}

/**
 * What an earlier run was told. Anything doubtful about the file means not to observe, which is the stricter reading.
 * Never rejects.
 */
export async function readObservation(path: string): Promise<KeptObservation | undefined> {
  const reading = await readFileOnce(path, { followLinks: false });
  if (reading.kind !== 'read') return undefined;
  try {
    const { begun, until } = record.parse(JSON.parse(new TextDecoder().decode(reading.bytes)));
    return { begun: Date.parse(begun), until: Date.parse(until) };
  } catch {
    return undefined;
  }
}

/** Rejects with the system's error; what was kept before is then untouched. */
export async function keepObservation(
  path: string,
  { begun, until }: KeptObservation,
  halfWay: () => void,
): Promise<void> {
  const kept: z.input<typeof record> = {
    version: 1,
    begun: new Date(begun).toISOString(),
    until: new Date(until).toISOString(),
  };
  await writeAtomically(path, `${JSON.stringify(kept)}\n`, halfWay);
}

export async function forgetObservation(path: string): Promise<void> {
  await rm(path, { force: true });
}
