import { z } from 'zod';
import { journalEventSchema } from '../journal/event.ts';
import { eventFilterSchema, MOST_RECENT_EVENTS } from '../journal/filter.ts';
import { allowListSchema } from './allow-list.ts';
import { checkInputSchema, checkOutputSchema } from './check.ts';
import { containersSchema } from './containers.ts';
import { observeSchema, observingSchema } from './observation.ts';
import { pinSchema } from './pin.ts';
import { policyDescriptionSchema } from './policy.ts';
import {
  appliedChangeSchema,
  policyChangeSchema,
  policyProposalSchema,
  refusedRequestSchema,
  suggestionSchema,
} from './policy-change.ts';
import { preferencesChangeSchema, preferencesSchema } from './preferences.ts';
import { containerChoiceSchema, imageNameSchema, refreshPlanSchema, refreshProgressSchema } from './refresh.ts';
import { setUpActions, setUpSchema } from './set-up.ts';
import { settingsTextSchema, settingsToWriteSchema } from './settings-text.ts';
import { startUpSchema } from './start-up.ts';
import { statusSchema } from './status.ts';

/** Grows when an older client would misunderstand a newer server, or the other way round. */
export const PROTOCOL_VERSION = 1;

/** Longest line in bytes that a client may send: the largest create body to check, with its quotes escaped. */
export const REQUEST_CAP = 1024 * 1024;
/** Longest line in bytes that a server sends, and that a client takes: a thousand of the largest events. */
export const ANSWER_CAP = 16 * 1024 * 1024;
/** Bytes that wait for a reader that does not read; pushes beyond are left out and counted. */
export const UNREAD_CAP = 4 * 1024 * 1024;
/** Requests of one client that may be worked on at once. */
export const MOST_REQUESTS = 8;
/** Subscriptions of one client. */
export const MOST_SUBSCRIPTIONS = 16;
/** Clients at once. */
export const MOST_CLIENTS = 32;

const nothing = z.strictObject({});
const socketKey = z.string().regex(/^[0-9a-f]{16}$/);

/**
 * Everything that can be asked of a running Lockkeeper and everything that it tells unasked. The types of the server's
 * handlers and of the client are derived from this object, and both ends check every message with its schemas.
 */
export const contract = {
  /** What every view shows, whatever it is about: it comes with the greeting, before anything is asked. */
  snapshot: z.strictObject({ status: statusSchema, preferences: preferencesSchema }),
  requests: {
    /** The status header, in data. */
    status: { input: nothing, output: statusSchema },
    /** The effective policy as the enforcer holds it now, with the origin of each value. */
    policy: { input: nothing, output: policyDescriptionSchema },
    /** What would become of a docker command line or a create body. Nothing is done, and nothing is recorded. */
    check: { input: checkInputSchema, output: checkOutputSchema },
    /** The newest events that the ring holds, oldest first. */
    recentEvents: {
      input: eventFilterSchema.extend({ limit: z.number().int().min(1).max(MOST_RECENT_EVENTS) }),
      output: z.strictObject({
        /** Names the run; sequences compare only within one. */
        run: z.string(),
        events: z.array(journalEventSchema).max(MOST_RECENT_EVENTS),
      }),
    },
    /** Asks the registries about all entries again; resolves when they have answered or cannot. */
    resolveAllowList: { input: nothing, output: allowListSchema },
    /** How an image of this machine is written into the policy; a registry may be asked for its digest. */
    pinImage: { input: z.strictObject({ image: imageNameSchema }), output: pinSchema },
    /** What a refresh would do; changes nothing. */
    planRefresh: { input: z.strictObject({ image: imageNameSchema }), output: refreshPlanSchema },
    /** Starts a refresh; its progress comes with the push `refreshes`. */
    startRefresh: {
      input: z.strictObject({ image: imageNameSchema, containers: containerChoiceSchema }),
      output: refreshProgressSchema,
    },
    /** Ends a refresh while it pulls; the image that was there stays. */
    cancelRefresh: { input: z.strictObject({ id: z.string().max(64) }), output: refreshProgressSchema },
    /** Cuts a container off its filtered socket until it is given back, or started from the host. */
    cutOff: { input: z.strictObject({ key: socketKey }), output: containersSchema },
    giveBack: { input: z.strictObject({ key: socketKey }), output: containersSchema },
    /** Looks at the machine: one check per thing that can be set up wrongly. */
    checkSetUp: { input: nothing, output: setUpSchema },
    /** Does what a check offers, and checks again. */
    setUp: { input: z.strictObject({ action: z.enum(setUpActions) }), output: setUpSchema },
    /** The smallest change that would let a refused request through, if a change of the policy can. */
    suggestChange: { input: refusedRequestSchema, output: suggestionSchema },
    /** What a change would make of the user's settings file. */
    proposeChange: { input: z.strictObject({ change: policyChangeSchema }), output: policyProposalSchema },
    /** Writes a proposed change, unless the file or the policy is not what it was then, or is locked; in force when answered. */
    applyChange: {
      input: z.strictObject({ change: policyChangeSchema, basis: z.string().max(128) }),
      output: appliedChangeSchema,
    },
    /** The user's settings file as a text. */
    settingsText: { input: nothing, output: settingsTextSchema },
    /** Writes that text, unless it has a mistake, the file has changed since, or the policy is locked; in force when answered. */
    writeSettings: { input: settingsToWriteSchema, output: appliedChangeSchema },
    /** Changes what is given and answers with all, also when it cannot be kept beyond this run: the status says so then. */
    setPreferences: { input: preferencesChangeSchema, output: preferencesSchema },
    /** Blocks nothing from now on for so long, and records what would be; not where the policy is locked. */
    observe: { input: observeSchema, output: observingSchema },
    /** Ends that before its time. */
    enforce: { input: nothing, output: observingSchema },
    /** Has the system start this app at login, or not any more; `not-written` when it will not. */
    setStartAtLogin: { input: z.strictObject({ on: z.boolean() }), output: startUpSchema },
    /** A link that lets one browser in, once, to the window that is served on this machine. */
    dashboardLink: { input: nothing, output: z.strictObject({ url: z.string() }) },
  },
  pushes: {
    /** Each begins with what is so now, and goes on with every change of it. */
    status: { input: nothing, value: statusSchema },
    policy: { input: nothing, value: policyDescriptionSchema },
    allowList: { input: nothing, value: allowListSchema },
    containers: { input: nothing, value: containersSchema },
    refreshes: { input: nothing, value: z.array(refreshProgressSchema) },
    preferences: { input: nothing, value: preferencesSchema },
    startUp: { input: nothing, value: startUpSchema },
    /** Events as they happen; with `from`, first those since that number which the ring still holds. */
    event: { input: eventFilterSchema, value: journalEventSchema },
  },
} as const;

/** Why a request has no value. Programs go by the name, people by the message. */
export const errorNames = [
  'unknown-request',
  'invalid-request',
  'too-large',
  'busy',
  'unavailable',
  'internal-error',
  /** The administrator's settings file locks the policy. */
  'policy-locked',
  /** What the request goes by is not so any more. */
  'outdated',
  /** A settings file is such that nothing can be changed. */
  'settings-unusable',
  /** The system would not have the file written. */
  'not-written',
] as const;

/** Errors that only a client finds. */
export const clientErrorNames = [
  'not-running',
  'not-permitted',
  'other-version',
  'no-answer',
  'invalid-answer',
] as const;

export interface ControlError {
  readonly name: (typeof errorNames)[number] | (typeof clientErrorNames)[number];
  readonly message: string;
}

/** Every result is a value or a named error. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ControlError };

type Requests = typeof contract.requests;
type Pushes = typeof contract.pushes;
export type RequestName = keyof Requests;
export type RequestInput<Name extends RequestName> = z.output<Requests[Name]['input']>;
export type RequestOutput<Name extends RequestName> = z.output<Requests[Name]['output']>;
export type PushName = keyof Pushes;
export type PushInput<Name extends PushName> = z.output<Pushes[Name]['input']>;
export type PushValue<Name extends PushName> = z.output<Pushes[Name]['value']>;
export type Snapshot = z.output<typeof contract.snapshot>;

/** What a server does for each leaf of the contract; one that is missing is a type error. */
export interface ControlHandlers {
  readonly snapshot: () => Snapshot;
  readonly requests: {
    readonly [Name in RequestName]: (
      input: RequestInput<Name>,
    ) => Answer<RequestOutput<Name>> | Promise<Answer<RequestOutput<Name>>>;
  };
  /** Starts to push and gives back what ends it. */
  readonly pushes: {
    readonly [Name in PushName]: (input: PushInput<Name>, push: (value: PushValue<Name>) => void) => () => void;
  };
}

/** A line from a client. `id` is the client's own, and comes back in the answer. */
export const clientFrameSchema = z.union([
  z.strictObject({ id: z.number().int().nonnegative(), request: z.string().max(100), input: z.unknown() }),
  z.strictObject({ id: z.number().int().nonnegative(), subscribe: z.string().max(100), input: z.unknown() }),
  /** Ends the subscription that was made with this id. */
  z.strictObject({ id: z.number().int().nonnegative(), unsubscribe: z.number().int().nonnegative() }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

const answerSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: z.strictObject({ name: z.enum(errorNames), message: z.string() }) }),
]);

/** A line from the server; `hello` is its first. */
export const serverFrameSchema = z.union([
  z.strictObject({ push: z.number().int(), value: z.unknown() }),
  z.strictObject({ id: z.number().int(), answer: answerSchema }),
  /** So many pushes of this subscription were left out here, because the client did not read. */
  z.strictObject({ lost: z.number().int(), count: z.number().int().positive() }),
  // Later versions may say more in their hello; the number decides whether we understand each other.
  z.object({
    hello: z.object({
      protocol: z.number().int(),
      version: z.string(),
      run: z.string().optional(),
      /** See the contract's `snapshot`; its schema checks it once it is known that both speak the same protocol. */
      snapshot: z.unknown().optional(),
    }),
  }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;
