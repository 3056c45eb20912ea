import { z } from 'zod';

/** One check a file in main/set-up; the order is the order in which they are shown. */
export const checkNames = [
  'lockkeeper',
  'engine',
  'policy',
  'docker-context',
  'blocked-mount',
  'raw-sockets',
  'docker-group',
  'engine-on-tcp',
  'docker-host',
  'testcontainers',
  'limits',
  'versions',
] as const;
export type CheckName = (typeof checkNames)[number];

/** What can be done about a check with one click: `prove` has a real container refused. */
export const setUpActions = ['use-context', 'leave-context', 'prove'] as const;
export type SetUpAction = (typeof setUpActions)[number];

/** `warn` is worth knowing but protects as it is; `unknown` could not be found out, and says why. */
export const checkStates = ['pass', 'warn', 'fail', 'unknown'] as const;
export type CheckState = (typeof checkStates)[number];

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

export const setUpSchema = z.strictObject({
  checks: z.array(setUpCheckSchema),
  /** RFC 3339. */
  checkedAt: z.string(),
});
export type SetUp = z.infer<typeof setUpSchema>;
