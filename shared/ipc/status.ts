import { z } from 'zod';
import { journalCountersSchema } from '../journal/counters.ts';

/** One thing that is wrong now, with what to do about it. */
const problem = z.strictObject({
  text: z.string(),
  /** A command to run or a place to look. */
  remedy: z.string().optional(),
});

/** What the status header of every surface says. */
export const statusSchema = z.strictObject({
  version: z.string(),
  pid: z.number().int(),
  /** RFC 3339. */
  startedAt: z.string(),
  /** `not-enforced`: the feature is switched off; `closed`: there is no usable policy, and all sockets are refused. */
  enforcement: z.enum(['enforcing', 'not-enforced', 'closed']),
  /** Entries of the image list. */
  exceptions: z.number().int().nonnegative(),
  engine: z.strictObject({
    endpoint: z.string(),
    reachable: z.boolean(),
    /** `28.5.1`, where it was reachable once. */
    version: z.string().optional(),
    /** Why it is not reachable, or what kind it is. */
    detail: z.string().optional(),
  }),
  state: z.string(),
  hostGate: z.string(),
  standingSockets: z.array(z.string()),
  /** Containers that hold a filtered socket now. */
  containerSockets: z.number().int().nonnegative(),
  policy: z.strictObject({
    generation: z.number().int(),
    /** The settings file that locks the policy. */
    lockedBy: z.string().optional(),
  }),
  counters: journalCountersSchema,
  problems: z.array(problem),
});
export type Status = z.infer<typeof statusSchema>;
