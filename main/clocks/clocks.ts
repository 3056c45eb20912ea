/** The two clocks of a machine. What is to end some time must not depend on one of them. */
export interface Clocks {
  /** Milliseconds since 1970. Goes on while the machine sleeps, and anybody may set it. */
  readonly wall: () => number;
  /** Milliseconds that nobody can set back; they compare within a run only. */
  readonly steady: () => number;
}

export const systemClocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/** When something was, by both clocks. */
export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

/** Clocks are corrected by seconds all the time. */
const CORRECTION_MS = 60_000;

/**
 * How long ago something was that is trusted for a while only, in milliseconds, by the clock that says more. What lies
 * ahead of the wall's was noted under a clock that was wrong, then or now: nobody knows how long ago that was, so it is
 * Infinity.
 */
export function ageOf({ wall, steady }: Moment, clocks: Clocks): number {
  const byWall = clocks.wall() - wall;
  return byWall < -CORRECTION_MS ? Number.POSITIVE_INFINITY : Math.max(byWall, clocks.steady() - steady);
}
