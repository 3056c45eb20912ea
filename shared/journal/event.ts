import { z } from 'zod';
import { refusalReasons } from '../decision/reason.ts';

/** Version of the event schema; it grows when a field changes its meaning or goes away. */
export const EVENT_SCHEMA_VERSION = 1;

const caller = z.strictObject({
  listener: z.enum(['host-gate', 'standing-socket', 'container-socket']),
  /** Path of the standing socket. */
  socket: z.string().optional(),
  /** The container behind a container socket. */
  containerId: z.string().optional(),
  image: z.string().optional(),
});

/** What became of one request. */
const decision = z.strictObject({
  type: z.literal('decision'),
  outcome: z.enum(['passed', 'refused', 'granted']),
  caller,
  method: z.string(),
  /** Path with version and query as sent, secrets redacted. */
  path: z.string(),
  operation: z.string(),
  /** The docker command that most likely sent it, for people: `image push`. */
  command: z.string().optional(),
  /** The status that we answered with; absent when the engine answers. */
  status: z.number().int().optional(),
  reason: z.enum(refusalReasons).optional(),
  /** The sentence that the client was given. */
  message: z.string().optional(),
  /** The policy's words that decided, and the file they stand in. */
  rule: z.string().optional(),
  file: z.string().optional(),
  /** Image of the container that was asked for. */
  image: z.string().optional(),
});

/** A container was given a filtered socket, or lost it. */
const socket = z.strictObject({
  type: z.literal('socket'),
  change: z.enum(['delivered', 'removed']),
  key: z.string(),
  containerId: z.string(),
  image: z.string(),
  entry: z.string(),
  targets: z.array(z.string()),
});

/** The effective policy changed, or a settings file could not be used. */
const policy = z.strictObject({
  type: z.literal('policy'),
  change: z.enum(['applied', 'kept-last-good', 'closed']),
  generation: z.number().int(),
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
});

/** Something about us or the engine that people and monitoring want to know. */
const lifecycle = z.strictObject({
  type: z.literal('lifecycle'),
  what: z.enum([
    'started',
    'stopping',
    'engine-reachable',
    'engine-unreachable',
    'digest-resolved',
    'digest-unresolved',
    'alarm',
    /** Lines are missing from the journal file, and why; the ring and the counters are complete. */
    'journal-gap',
    'internal-error',
  ]),
  detail: z.string(),
});

/** What happened, before the journal gives it its number and time. */
export const eventBodySchema = z.discriminatedUnion('type', [decision, socket, policy, lifecycle]);
export type EventBody = z.infer<typeof eventBodySchema>;
export type DecisionEvent = z.infer<typeof decision>;

const stamp = {
  schema: z.literal(EVENT_SCHEMA_VERSION),
  /** Counts up by one per event of one run. */
  sequence: z.number().int().nonnegative(),
  /** RFC 3339 in UTC with milliseconds. */
  time: z.string(),
};

/** One line of the journal. */
export const journalEventSchema = z.discriminatedUnion('type', [
  decision.extend(stamp),
  socket.extend(stamp),
  policy.extend(stamp),
  lifecycle.extend(stamp),
]);
export type JournalEvent = z.infer<typeof journalEventSchema>;
