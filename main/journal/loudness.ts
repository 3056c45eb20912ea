/** Limits how many lines one caller may have on disk, so that the loudest does not fill the file that all share. */
export interface Loudness {
  /** Whether the caller's next line is written; a number is how many were left out since that was last said. */
  admit(caller: string, atMs: number): { readonly admitted: boolean; readonly leftOut: number };
  /** Callers whose left-out lines were not told yet, and how many; asking counts as telling. */
  untold(): ReadonlyMap<string, number>;
}

export interface LoudnessLimit {
  /** Lines at once. */
  readonly burst: number;
  /** Lines a second, once the burst is used up. */
  readonly perSecond: number;
}

/** Refusals and grants, far beyond what tools cause. */
export const defaultLoudness: LoudnessLimit = { burst: 10_000, perSecond: 10 };

/** Passed requests, where the policy wants them written: polling is ordinary, a loop at full speed is not. */
export const defaultPassLoudness: LoudnessLimit = { burst: 50_000, perSecond: 100 };

/** A caller that is too loud is spoken of at most this often. */
const TELL_EVERY_MS = 60_000;

const MOST_CALLERS = 512;

interface Bucket {
  left: number;
  filledAtMs: number;
  leftOut: number;
  toldAtMs: number;
}

/** A token bucket for each caller; beyond 512 callers, the one that was quiet longest starts anew. */
export function createLoudness(limit: LoudnessLimit): Loudness {
  const buckets = new Map<string, Bucket>();

  function bucketOf(caller: string, atMs: number): Bucket {
    const known = buckets.get(caller);
    const bucket = known ?? { left: limit.burst, filledAtMs: atMs, leftOut: 0, toldAtMs: 0 };
    const gained = (Math.max(0, atMs - bucket.filledAtMs) / 1000) * limit.perSecond;
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
    admit(caller, atMs) {
      const bucket = bucketOf(caller, atMs);
      if (bucket.left < 1) {
        bucket.leftOut += 1;
        return { admitted: false, leftOut: 0 };
      }
      bucket.left -= 1;
      if (bucket.leftOut === 0 || atMs - bucket.toldAtMs < TELL_EVERY_MS) {
        return { admitted: true, leftOut: 0 };
      }
      const { leftOut } = bucket;
      bucket.leftOut = 0;
      bucket.toldAtMs = atMs;
      return { admitted: true, leftOut };
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
