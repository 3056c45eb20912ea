import { z } from 'zod';

/** A container that holds a filtered socket. */
const filteredHolder = z.strictObject({
  key: z.string(),
  containerId: z.string(),
  name: z.string(),
  image: z.string(),
  entry: z.string(),
  targets: z.array(z.string()),
  /** RFC 3339: when the socket was delivered. */
  since: z.string(),
  isRunning: z.boolean(),
  /** Requests through its socket in this run of Lockkeeper, and how many of them were refused. */
  requests: z.number().int().nonnegative(),
  refused: z.number().int().nonnegative(),
  /** Why its socket answers nothing now, where it does not: the policy no longer lists it, or it was cut off. */
  cutOffBecause: z.string().optional(),
  /** Its socket went stale with our last restart; a restart of the container mends that. */
  needsRestart: z.boolean(),
});
export type FilteredHolder = z.infer<typeof filteredHolder>;

/** A container that holds the engine's own socket, past Lockkeeper. */
const rawHolder = z.strictObject({
  containerId: z.string(),
  name: z.string(),
  image: z.string(),
  isRunning: z.boolean(),
  /** What leads to the engine: `bind /var/run/docker.sock`. */
  source: z.string(),
});
export type RawHolder = z.infer<typeof rawHolder>;

export const containersSchema = z.strictObject({
  filtered: z.array(filteredHolder),
  raw: z.array(rawHolder),
  /** Why nothing is known of raw holders: the engine cannot be reached. */
  problem: z.string().optional(),
});
export type Containers = z.infer<typeof containersSchema>;
