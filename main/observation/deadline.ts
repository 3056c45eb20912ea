import type { Clocks } from '../clocks/clocks.ts';

/** When something ends, in milliseconds since 1970, and a way to ask whether that is past. */
export interface Deadline {
  readonly at: number;
  isPast(): boolean;
}

/**
 * A deadline that neither of two clocks can put off: the wall's, which goes on while the machine sleeps, and a steady one,
 * for whoever sets the wall's back. `mostMs` bounds what is left, also of a time that was written down in another run.
 */
export function deadline(at: number, mostMs: number, { wall, steady }: Clocks): Deadline {
  const begun = wall();
  const left = Math.min(at - begun, mostMs);
  const steadyEnd = steady() + left;
  const wallEnd = begun + left;
  return { at: wallEnd, isPast: () => wall() >= wallEnd || steady() >= steadyEnd };
}
