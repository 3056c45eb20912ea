import { type BigIntStats, promises } from 'node:fs';
import { readFileOnce } from './file-reading.ts';
import type { Owner, Trust } from './trust.ts';
import type { WayTrust } from './way-trust.ts';

/** A file's bytes, or why it cannot be used: a sentence that begins with "The file". */
export type TrustedReading =
  | {
      readonly kind: 'read';
      readonly bytes: Uint8Array;
      readonly stats: BigIntStats;
      readonly doubts: readonly string[];
    }
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
        ? { kind: 'read', bytes: reading.bytes, stats: reading.stats, doubts: [] }
        : { kind: 'refused', problem: `The file ${doubt}.` };
    }
  }
}

/** Whom a platform trusts about a file, and about the way to it. */
export interface TrustOfPlace {
  readonly trust: Trust;
  readonly wayTrust: WayTrust;
}

/** How often a file may be replaced while it is read before that is called a problem. */
const ATTEMPTS = 3;

/**
 * The same for a file at a place that others might reach: whoever may change a folder on the way to it could put an
 * older file of the right owner there, or take it away so that a weaker one counts. An administrator's file that is
 * missing is therefore looked into, too; without one of their own users only have the stricter default.
 */
export async function readAtTrustedPlace(path: string, owner: Owner, place: TrustOfPlace): Promise<TrustedReading> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const reading = await readTrusted(path, owner, place.trust);
    if (reading.kind === 'refused' || (reading.kind === 'missing' && owner !== 'administrator')) {
      return reading;
    }
    const doubt = await place.wayTrust(path, owner);
    if (doubt !== undefined) {
      const what =
        reading.kind === 'missing' ? 'does not exist, but others could have removed it' : 'could be replaced by others';
      return { kind: 'refused', problem: `The file ${what}: ${doubt}.` };
    }
    // The way was judged after the file was opened: it has to lead to that file, or nothing was said about it.
    if (reading.kind === 'missing' || (await isStillAt(path, reading.stats))) {
      return reading;
    }
  }
  return { kind: 'refused', problem: 'The file was replaced again and again while it was read.' };
}

async function isStillAt(path: string, opened: BigIntStats): Promise<boolean> {
  const now = await promises.lstat(path, { bigint: true }).catch(() => undefined);
  return now !== undefined && now.dev === opened.dev && now.ino === opened.ino;
}

/** Reads a file that somebody wants checked before it is put in place: doubts are told, and it is read on. */
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
      return { kind: 'read', bytes: reading.bytes, stats: reading.stats, doubts };
    }
  }
}
