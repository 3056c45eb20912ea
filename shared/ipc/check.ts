import { z } from 'zod';

/** Longest word of a command line and longest create body in bytes; together they stay below a request's cap. */
export const MOST_WORDS = 1000;
export const LONGEST_WORDS = 64 * 1024;
export const LONGEST_CREATE_BODY = 256 * 1024;

/** Which way in a request would come. */
const wayInSchema = z.discriminatedUnion('kind', [
  /** The host gate, where people and their tools are. */
  z.strictObject({ kind: z.literal('host') }),
  /** The filtered socket of a container, by its name or ID. */
  z.strictObject({ kind: z.literal('container'), name: z.string().min(1).max(256) }),
  /** A standing socket, by its path. */
  z.strictObject({ kind: z.literal('socket'), path: z.string().min(1).max(4096) }),
  /** A filtered socket that nobody has yet. */
  z.strictObject({ kind: z.literal('filtered') }),
]);
export type WayIn = z.infer<typeof wayInSchema>;

/** What somebody wants to know before doing it. */
export const checkInputSchema = z.strictObject({
  from: wayInSchema,
  ask: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('docker'),
      /** The command line, `docker` included. */
      words: z.array(z.string().max(LONGEST_WORDS)).min(1).max(MOST_WORDS),
      /** The folder in which it would be run, for relative paths. */
      folder: z.string().max(4096),
    }),
    /** The body of `POST /containers/create`. */
    z.strictObject({ kind: z.literal('create'), body: z.string().max(LONGEST_CREATE_BODY) }),
  ]),
});
export type CheckInput = z.infer<typeof checkInputSchema>;

const verdict = z.enum([
  'allowed',
  'blocked',
  /** What the decision needs cannot be found out now: the engine does not answer. */
  'undecided',
]);
export type CheckVerdict = z.infer<typeof verdict>;

/** One request that would be sent, and what would become of it. */
const stepSchema = z.strictObject({
  operation: z.string(),
  /** The docker command that the operation belongs to. */
  command: z.string().optional(),
  method: z.string(),
  path: z.string(),
  verdict,
  /** Absent: it is always sent. A `sometimes` step does not count for the verdict of the whole. */
  condition: z.enum(['image-absent', 'sometimes']).optional(),
  /** The condition in words. */
  when: z.string().optional(),
  /** HTTP status of an answer that would be Lockkeeper's own. */
  status: z.number().int().optional(),
  /** A refusal's reason, as events have it. */
  reason: z.string().optional(),
  /** The sentence that the client would be given. */
  message: z.string().optional(),
  /** What decided and what to do about it. */
  remedy: z.string().optional(),
  /** The policy's words that decided, and the file they stand in. */
  rule: z.string().optional(),
  file: z.string().optional(),
  /** The container would get a filtered socket. */
  socket: z
    .strictObject({
      /** The image-list entry that allows it. */
      entry: z.string(),
      image: z.string(),
      targets: z.array(z.string()),
    })
    .optional(),
  notes: z.array(z.string()),
});
export type CheckStep = z.infer<typeof stepSchema>;

const reportSchema = z.strictObject({
  kind: z.literal('report'),
  verdict,
  /** Canonical docker command; absent for a create body. */
  command: z.string().optional(),
  from: z.strictObject({
    listener: z.enum(['host-gate', 'standing-socket', 'container-socket']),
    socket: z.string().optional(),
    containerId: z.string().optional(),
    image: z.string().optional(),
  }),
  policy: z.strictObject({
    kind: z.enum(['effective', 'closed']),
    generation: z.number().int(),
    /** False: the feature is switched off, and everything passes. */
    enforced: z.boolean(),
  }),
  steps: z.array(stepSchema),
  /** What the steps do not say: what is not known, or was supposed. */
  notes: z.array(z.string()),
});
export type CheckReport = z.infer<typeof reportSchema>;

/** What would happen, step by step; or why that cannot be said. */
export const checkOutputSchema = z.discriminatedUnion('kind', [
  reportSchema,
  /** The command line cannot be read; the message names the word. */
  z.strictObject({ kind: z.literal('unreadable'), message: z.string() }),
  /** There is no such container or socket to come from. */
  z.strictObject({ kind: z.literal('no-such-way-in'), message: z.string() }),
]);
export type CheckOutput = z.infer<typeof checkOutputSchema>;
