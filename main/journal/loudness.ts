import { fileShare } from './kept-files.ts';

/** Limits how much one caller may have on disk, so that the loudest does not fill the files that all share. */
export interface Loudness {
  /**
   * Whether the caller's next line is written, and when that is to be said now, how many were left out since it was.
   * `atMs` is of the steady clock, since a share is by the day.
   */
  admit(caller: string, atMs: number, bytes: number): { readonly admitted: boolean; readonly leftOut: number };
  /** Callers whose left-out lines were not told yet, and how many; asking counts as telling. */
  untold(): ReadonlyMap<string, number>;
}

export interface LoudnessLimit {
  /** Bytes at once. */
  readonly burst: number;
  /** Bytes a day, once the burst is used up. */
  readonly perDay: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Refusals and grants: a sixteenth of the journal, so that everybody else's stay for two weeks beside a loop of them. */
export function refusalLimit(maxBytes: number): LoudnessLimit {
  const share = fileShare(maxBytes) / 4;
  return { burst: share, perDay: share };
}

/** Passed requests, where the policy wants them written: a quarter, since polling is ordinary. */
export function passLimit(maxBytes: number): LoudnessLimit {
  const share = fileShare(maxBytes);
  return { burst: share, perDay: share };
}

/** A caller that is too loud is spoken of at once, and then at most this often. */
const TELL_EVERY_MS = 60_000;

const MOST_CALLERS = 512;

interface Bucket {
  left: number;
  filledAtMs: number;
  leftOut: number;
  toldAtMs: number;
}

/** A token bucket of bytes for each caller, whose size may change; beyond 512 callers, the one that was quiet longest starts anew. */
export function createLoudness(limitNow: () => LoudnessLimit): Loudness {
  const buckets = new Map<string, Bucket>();

  function bucketOf(caller: string, atMs: number): Bucket {
    const limit = limitNow();
    const known = buckets.get(caller);
    const bucket = known ?? { left: limit.burst, filledAtMs: atMs, leftOut: 0, toldAtMs: Number.NEGATIVE_INFINITY };
    const gained = (Math.max(0, atMs - bucket.filledAtMs) / DAY_MS) * limit.perDay;
    bucket.left = Math.min(limit.burst, bucket.left + gained);
    bucket.filledAtMs = atMs;
    buckets.delete(caller);
    buckets.set(caller, bucket);
    if (buckets.size > MOST_CALLERS) {
      const [quietest] = buckets.keys();
      buckets.delete(quietest ?? caller);
    }
    return bucket;
  }

  return {
    admit(caller, atMs, bytes) {
      const bucket = bucketOf(caller, atMs);
      const admitted = bucket.left >= bytes;
      if (admitted) {
        bucket.left -= bytes;
      } else {
        bucket.leftOut += 1;
      }
      if (bucket.leftOut === 0 || atMs - bucket.toldAtMs < TELL_EVERY_MS) {
        return { admitted, leftOut: 0 };
      }
      const { leftOut } = bucket;
      bucket.leftOut = 0;
      bucket.toldAtMs = atMs;
      return { admitted, leftOut };
    },
    untold() {
      const told = new Map<string, number>();
      for (const [caller, bucket] of buckets) {
        if (bucket.leftOut > 0) {
          told.set(caller, bucket.leftOut);
          bucket.leftOut = 0;
        }
      }
      return told;
    },
  };
}
