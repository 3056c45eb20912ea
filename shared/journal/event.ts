import { z } from 'zod';
import { refusalReasons } from '../decision/reason.ts';

/**
 * Version of the event schema. It grows when a field changes its meaning or goes away; fields, types and codes may be
 * added without. What is described here is what docs/journal.md says: a test compares the two.
 */
export const EVENT_SCHEMA_VERSION = 1;

const caller = z
  .strictObject({
    listener: z
      .enum(['host-gate', 'standing-socket', 'container-socket'])
      .describe('which kind of socket the request came through'),
    socket: z.string().optional().describe('path of the standing socket'),
    containerId: z.string().optional().describe('the container behind a container socket'),
    image: z.string().optional().describe("that container's image"),
  })
  .describe('who asked');

const decision = z
  .strictObject({
    type: z.literal('decision'),
    outcome: z
      .enum(['passed', 'refused', 'granted', 'observed'])
      .describe(
        '`granted`: a container gets a filtered socket; `observed`: would have been refused, and went on since Lockkeeper observes',
      ),
    caller,
    method: z.string().describe('HTTP method'),
    path: z.string().describe('path with version and query as sent, secrets taken out, at most 2048 characters'),
    operation: z.string().describe("the operation's ID in the Engine API; `Unknown` and `Malformed` are our own"),
    command: z.string().optional().describe('the docker command that most likely sent it: `image push`'),
    ended: z
      .boolean()
      .optional()
      .describe(
        'the request was in progress when the policy changed or its container was cut off, and was ended with its connection',
      ),
    status: z.int().optional().describe('HTTP status that Lockkeeper answered with; absent when the engine answered'),
    reason: z.enum(refusalReasons).optional().describe('code of the reason; codes are never renamed'),
    message: z
      .string()
      .optional()
      .describe('the sentence that the client was given, or would have been, secrets taken out'),
    rule: z.string().optional().describe("the policy's words that decided"),
    file: z.string().optional().describe('the settings file in which they stand'),
    entry: z.string().optional().describe('entry of the image list that the rule is about'),
    image: z.string().optional().describe('image of the container that was asked for'),
    escapes: z
      .array(z.string())
      .optional()
      .describe('what in it leads out of containers and went on all the same: kind, and in parentheses where it stood'),
    unprivileged: z
      .boolean()
      .optional()
      .describe('the container asked to be privileged, and was created as an ordinary one'),
  })
  .describe('What became of one request.');

const socket = z
  .strictObject({
    type: z.literal('socket'),
    change: z
      .enum(['delivered', 'removed', 'cut-off', 'given-back'])
      .describe('what happened to the filtered socket; `cut-off` and `given-back` are done by hand'),
    key: z.string().describe("name of the socket's folder in the state folder"),
    containerId: z.string().describe('the container that has it'),
    image: z.string().describe("the container's image"),
    entry: z.string().describe('entry of the image list that allowed it'),
    targets: z.array(z.string()).describe('paths in the container at which it stands'),
  })
  .describe('A container was given a filtered socket, lost it, was cut off it or got it back.');

const policy = z
  .strictObject({
    type: z.literal('policy'),
    change: z
      .enum(['applied', 'kept-last-good', 'closed'])
      .describe('`kept-last-good`: a settings file cannot be used; `closed`: and there is no earlier policy'),
    generation: z.int().describe('counts the policies of one run'),
    problems: z.array(z.string()).describe('what is wrong with the settings files, with place and remedy'),
    warnings: z.array(z.string()).describe('what is doubtful about them'),
  })
  .describe('The policy changed, or a settings file could not be used.');

const lifecycle = z
  .strictObject({
    type: z.literal('lifecycle'),
    what: z
      .enum([
        'started',
        'stopping',
        'engine-reachable',
        'engine-unreachable',
        'digest-resolved',
        'digest-unresolved',
        'image-refreshed',
        'image-not-refreshed',
        'alarm',
        'journal-gap',
        'journal-unwritable',
        'journal-writable',
        'journal-misplaced',
        'settings-written',
        'observing-begun',
        'observing-ended',
        'internal-error',
      ])
      .describe('code of what happened; the codes that begin with `journal-` are explained below'),
    detail: z.string().describe('the same for people, with names and remedies'),
  })
  .describe('Something about Lockkeeper or the engine that people and monitoring want to know.');

/** What happened, before the journal gives it its number and time. */
export const eventBodySchema = z.discriminatedUnion('type', [decision, socket, policy, lifecycle]);
export type EventBody = z.infer<typeof eventBodySchema>;
export type DecisionEvent = z.infer<typeof decision>;

/** What every event has, besides what its type has. */
export const eventStamp = {
  schema: z.literal(EVENT_SCHEMA_VERSION).describe('version of this schema'),
  sequence: z.int().nonnegative().describe('counts up by one per event of one run; begins anew with each run'),
  time: z.string().describe('RFC 3339, UTC, with milliseconds'),
};

/** One line of the journal. */
export const journalEventSchema = z.discriminatedUnion('type', [
  decision.extend(eventStamp),
  socket.extend(eventStamp),
  policy.extend(eventStamp),
  lifecycle.extend(eventStamp),
]);
export type JournalEvent = z.infer<typeof journalEventSchema>;

/**
 * The same as a reader of a file takes it: a later version of the program, whose journal this may be, adds fields
 * without another version of the schema. They are kept.
 */
export const writtenEventSchema = z.discriminatedUnion('type', [
  decision.extend({ ...eventStamp, caller: caller.loose() }).loose(),
  socket.extend(eventStamp).loose(),
  policy.extend(eventStamp).loose(),
  lifecycle.extend(eventStamp).loose(),
]);
