import { z } from 'zod';

/** A container that holds a filtered socket. */
const filteredHolder = z.strictObject({
  key: z.string(),
  containerId: z.string(),
  name: z.string(),
  image: z.string(),
  /** The image-list entry by which it was granted. */
  entry: z.string(),
  /** The listed image that its own was built on, where the entry admits that one. */
  derivedFrom: z.string().optional(),
  /** Where it has the socket. */
  targets: z.array(z.string()),
  /** RFC 3339: when the socket was delivered; absent where that was not noted. */
  since: z.string().optional(),
  isRunning: z.boolean(),
  /** Requests through its socket in this run of Lockkeeper, and how many of them were refused. */
  requests: z.number().int().nonnegative(),
  refused: z.number().int().nonnegative(),
  /** RFC 3339: since when it is cut off by hand. */
  cutOffSince: z.string().optional(),
  /** Why the policy has its socket refuse everything, in words. */
  refusedBecause: z.string().optional(),
  /** Its socket went stale with our last restart; a restart of the container mends that. */
  needsRestart: z.boolean(),
});
export type FilteredHolder = z.infer<typeof filteredHolder>;

/** A container that commands the engine past Lockkeeper, or may do so. */
const rawHolder = z.strictObject({
  containerId: z.string(),
  name: z.string(),
  image: z.string(),
  isRunning: z.boolean(),
  /** What it mounts: a path, and the volume by which it does. */
  source: z.string(),
  /** What that leads to, where it is not the socket itself. */
  leadsTo: z.string().optional(),
  /** Why it could not be found out what the source is; absent: it is certain. */
  doubt: z.string().optional(),
});
export type RawHolder = z.infer<typeof rawHolder>;

export const containersSchema = z.strictObject({
  filtered: z.array(filteredHolder),
  raw: z.array(rawHolder),
  /** RFC 3339: when the engine was last asked; absent until it has answered once. */
  lookedAt: z.string().optional(),
  /** Why the engine cannot be asked now: names, states and raw holders are those of then. */
  problem: z.string().optional(),
});
export type Containers = z.infer<typeof containersSchema>;
