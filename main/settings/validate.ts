import { readSettings } from '../../shared/policy/admin-settings.ts';
import type { SettingsRemark } from '../../shared/policy/policy.ts';
import { thisPlatform } from './platform.ts';
import type { Trust } from './trust.ts';
import { readDoubted } from './trusted-read.ts';

export interface Validation {
  readonly problems: readonly SettingsRemark[];
  readonly warnings: readonly SettingsRemark[];
}

/**
 * Checks a settings file before it is put in place, with the reader that will read it there. What is wrong with its
 * owner, its mode or a link is a warning here: they can be right in the place it goes to.
 */
export async function validateFile(path: string, trust: Trust = thisPlatform().trust): Promise<Validation> {
  const reading = await readDoubted(path, 'either', trust);
  if (reading.kind !== 'read') {
    const text = reading.kind === 'missing' ? 'The file does not exist.' : reading.problem;
    return { problems: [{ file: path, text }], warnings: [] };
  }
  const doubts = reading.doubts.map((text) => ({ file: path, text }));
  const parsed = readSettings(reading.bytes, path);
  return parsed.ok
    ? { problems: [], warnings: [...doubts, ...parsed.warnings] }
    : { problems: parsed.problems, warnings: doubts };
}
