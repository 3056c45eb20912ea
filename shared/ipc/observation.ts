import { z } from 'zod';

/** For how long people can have Lockkeeper observe, in minutes. */
export const OBSERVATION_MINUTES = [5, 15, 60] as const;
export const LONGEST_OBSERVATION_MINUTES = Math.max(...OBSERVATION_MINUTES);

export const observeSchema = z.strictObject({ minutes: z.number().int().min(1).max(LONGEST_OBSERVATION_MINUTES) });

export const observingSchema = z.strictObject({
  isObserving: z.boolean(),
  /** RFC 3339: when it ends by itself. */
  until: z.string().optional(),
});
export type Observing = z.infer<typeof observingSchema>;
