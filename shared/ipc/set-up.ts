import { z } from 'zod';

/** One check a file in main/set-up; the order is the order in which they are shown. */
export const checkNames = [
  'engine',
  'policy',
  'docker-context',
  'docker-host',
  'testcontainers',
  'engine-on-tcp',
  'docker-group',
  'raw-sockets',
  'versions',
] as const;
export type CheckName = (typeof checkNames)[number];

/** What the window can do about a failed check by itself. */
export const setUpActions = ['use-context', 'leave-context'] as const;

/** `warn` is worth knowing but protects as it is; `unknown` could not be found out, and says why. */
export const checkStates = ['pass', 'warn', 'fail', 'unknown'] as const;

/**
 * The outcome of one check. `finding` names a text of the catalogue (`setUp.<check>.<finding>`), which says what was
 * found, why it matters and what to do; `values` are the names in it.
 */
export const setUpCheckSchema = z.strictObject({
  check: z.enum(checkNames),
  state: z.enum(checkStates),
  finding: z.string(),
  values: z.record(z.string(), z.string()),
  /** A command to copy. */
  command: z.string().optional(),
  action: z.enum(setUpActions).optional(),
});
export type SetUpCheck = z.infer<typeof setUpCheckSchema>;
