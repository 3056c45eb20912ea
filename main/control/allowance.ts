export interface AllowanceOptions {
  /** How often something may happen at once. */
  readonly burst: number;
  /** How often a second it may go on. */
  readonly perSecond: number;
  /** Milliseconds of a clock that is never set back. */
  readonly now?: () => number;
}

/** Says for each time that something happens whether it is still within what is allowed. */
export type Allowance = () => boolean;

/** A full allowance, which fills up again with time. */
export function createAllowance({ burst, perSecond, now = () => performance.now() }: AllowanceOptions): Allowance {
  let left = burst;
  let at = now();
  return () => {
    const time = now();
    left = Math.min(burst, left + ((time - at) / 1000) * perSecond);
    at = time;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
