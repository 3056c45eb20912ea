import { readFileOnce } from './file-reading.ts';
import type { Owner, Trust } from './trust.ts';

/** A file's bytes, or why it cannot be used: a sentence that begins with "The file". */
export type TrustedReading =
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly doubts: readonly string[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly problem: string };

const LINK = 'The file is a symbolic link, whose target can be changed by others; put the file itself there.';

/**
 * Reads a file whose words decide what containers may do. Whoever else could have written it could have written a
 * weaker policy, so a file in doubt is refused; a file that is there and cannot be read is never taken for missing.
 */
export async function readTrusted(path: string, owner: Owner, trust: Trust): Promise<TrustedReading> {
  const reading = await readFileOnce(path, { followLinks: false });
  switch (reading.kind) {
    case 'missing':
      return reading;
    case 'link':
      return { kind: 'refused', problem: LINK };
    case 'unreadable':
      return { kind: 'refused', problem: `The file ${reading.problem}.` };
    case 'read': {
      const doubt = await trust(path, reading.stats, owner);
      return doubt === undefined
        ? { kind: 'read', bytes: reading.bytes, doubts: [] }
        : { kind: 'refused', problem: `The file ${doubt}.` };
    }
  }
}

/** The same for a file that somebody wants checked before it is put in place: doubts are told, and it is read on. */
export async function readDoubted(path: string, owner: Owner, trust: Trust): Promise<TrustedReading> {
  const direct = await readFileOnce(path, { followLinks: false });
  const reading = direct.kind === 'link' ? await readFileOnce(path, { followLinks: true }) : direct;
  switch (reading.kind) {
    case 'missing':
      return reading;
    case 'link':
    case 'unreadable': {
      const problem = reading.kind === 'link' ? LINK : `The file ${reading.problem}.`;
      return { kind: 'refused', problem };
    }
    case 'read': {
      const doubt = await trust(path, reading.stats, owner);
      const doubts = [
        ...(direct.kind === 'link' ? [LINK] : []),
        ...(doubt === undefined ? [] : [`The file ${doubt}.`]),
      ];
      return { kind: 'read', bytes: reading.bytes, doubts };
    }
  }
}
