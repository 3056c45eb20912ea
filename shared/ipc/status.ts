import { z } from 'zod';
import type { RefusalReason } from '../decision/reason.ts';
import { journalCountersSchema } from '../journal/counters.ts';
import { checkNames } from './set-up.ts';

/** One thing that is wrong now, with what to do about it. */
const problem = z.strictObject({
  /** What it is about, for views that have words and a page of their own for it. */
  about: z.enum(['raw-holders', 'engine-open']).optional(),
  text: z.string(),
  /** A command to run or a place to look. */
  remedy: z.string().optional(),
});

const count = z.number().int().nonnegative();

/** What became of the requests that came one way, in this run. */
const requests = z.strictObject({ passed: count, refused: count, granted: count, observed: count });
export type RequestCounts = z.infer<typeof requests>;

/** A socket for tools on the host. */
const listener = z.strictObject({ kind: z.enum(['host-gate', 'standing-socket']), path: z.string(), requests });

/** A container that holds a filtered socket. */
const holder = z.strictObject({
  containerId: z.string(),
  image: z.string(),
  /** The image-list entry by which it was granted. */
  entry: z.string(),
  /** Where it has the socket. */
  targets: z.array(z.string()),
  requests,
  /** RFC 3339: since when it is cut off by hand. */
  cutOffSince: z.string().optional(),
});

/** What the status header of every surface says. */
export const statusSchema = z.strictObject({
  version: z.string(),
  pid: z.number().int(),
  /** RFC 3339. */
  startedAt: z.string(),
  uptimeSeconds: count,
  /**
   * `observing`: what would be refused goes on, and is recorded; `not-enforced`: the feature is switched off; `closed`:
   * there is no usable policy, and all sockets are refused.
   */
  enforcement: z.enum(['enforcing', 'observing', 'not-enforced', 'closed']),
  /** RFC 3339: when observing ends by itself; absent where the policy itself says so. */
  observingUntil: z.string().optional(),
  /** Entries of the image list. */
  exceptions: count,
  engine: z.strictObject({
    endpoint: z.string(),
    reachable: z.boolean(),
    /** Since when it is reachable, or not (RFC 3339). */
    since: z.string(),
    /** `28.5.1`, where it was reachable once. */
    version: z.string().optional(),
    /** Why it is not reachable, or what kind it is. */
    detail: z.string().optional(),
  }),
  state: z.string(),
  hostGate: z.string(),
  standingSockets: z.array(z.string()),
  listeners: z.array(listener),
  /** Of clients to all sockets: `gaveWay` were closed for others, `turnedAway` got 503 at once. */
  connections: z.strictObject({ open: count, gaveWay: count, turnedAway: count }),
  /** Containers that hold a filtered socket now. */
  containerSockets: count,
  holders: z.array(holder),
  /** Containers that command the engine past Lockkeeper. */
  rawHolders: z.strictObject({ running: count, stopped: count }),
  /** Checks of the set-up that need attention, and those worth knowing; absent until they were made once. */
  setUp: z
    .strictObject({ failed: z.array(z.enum(checkNames)), warned: z.array(z.enum(checkNames)), checkedAt: z.string() })
    .optional(),
  policy: z.strictObject({
    generation: z.number().int(),
    /** `last-good`: a settings file cannot be used, and the policy before it stays in force. */
    state: z.enum(['in-force', 'last-good', 'closed']),
    /** When the policy in force was stored, RFC 3339; with `last-good`. */
    lastGoodFrom: z.string().optional(),
    /** Settings files that a value in force comes from. */
    files: z.array(z.string()),
    problems: z.array(z.string()),
    warnings: z.array(z.string()),
    /** The settings file that locks the policy. */
    lockedBy: z.string().optional(),
  }),
  journal: z.strictObject({
    /** Where events are written; whether they can be is a problem below. */
    file: z.string(),
    /** What is wrong with the file now. */
    trouble: z.string().optional(),
  }),
  counters: journalCountersSchema,
  problems: z.array(problem),
});
export type Status = z.infer<typeof statusSchema>;

/** What of a run's clients was beyond a limit: connections that were closed or turned away, and requests refused. */
export interface BeyondLimits extends Pick<Status['connections'], 'gaveWay' | 'turnedAway'> {
  readonly tooLarge: number;
}

export function beyondLimits(
  { gaveWay, turnedAway }: Status['connections'],
  { refusedBy }: Pick<Status['counters'], 'refusedBy'>,
): BeyondLimits {
  const reasons = ['head-too-large', 'body-too-large'] as const satisfies readonly RefusalReason[];
  const tooLarge = reasons.reduce((sum, reason) => sum + (refusedBy[reason] ?? 0), 0);
  return { gaveWay, turnedAway, tooLarge };
}
