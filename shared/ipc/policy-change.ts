import { z } from 'zod';
import { refusalReasons } from '../decision/reason.ts';
import { escapeKinds } from '../escape/kinds.ts';

/** An operation's ID in the Engine API, as events have it. */
const operation = z.string().regex(/^\w{1,64}$/);

/** A change of the policy that lets something through. */
export const policyChangeSchema = z.discriminatedUnion('kind', [
  /** One more entry of the image list. */
  z.strictObject({ kind: z.literal('add-image'), entry: z.string().min(1).max(512) }),
  /** One more image ID that needs no registry. */
  z.strictObject({ kind: z.literal('add-local-image'), id: z.string().regex(/^sha256:[0-9a-f]{64}$/) }),
  z.strictObject({ kind: z.literal('allow-derived-images') }),
  /** One more way out of containers that filtered sockets let through. */
  z.strictObject({ kind: z.literal('allow-escape'), escape: z.enum(escapeKinds) }),
  /** What refuses the operation leaves the deny list, and nothing else becomes possible that commands can keep shut. */
  z.strictObject({ kind: z.literal('stop-denying'), operation }),
  /** A name that joins the allow list. */
  z.strictObject({ kind: z.literal('start-allowing'), command: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('pass-unknown-operations') }),
]);
export type PolicyChange = z.infer<typeof policyChangeSchema>;

/** What of a refused request says which change would let it through. */
export const refusedRequestSchema = z.strictObject({
  reason: z.enum(refusalReasons),
  operation,
  image: z.string().max(512).optional(),
});
export type RefusedRequest = z.infer<typeof refusedRequestSchema>;

/** The part of a settings file that says a change, to be pasted into one. */
const snippet = z.string();
/** The settings file that locks the policy: nothing can be written. */
const lockedBy = z.string();

export const suggestionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('change'), change: policyChangeSchema, snippet, lockedBy: lockedBy.optional() }),
  /** The policy has changed since: the request would not be refused for that reason now. */
  z.strictObject({ kind: z.literal('allowed-by-now') }),
  /** No change of the policy would let it through. */
  z.strictObject({ kind: z.literal('none') }),
]);
export type Suggestion = z.infer<typeof suggestionSchema>;

/** What is worth knowing of an image before it is listed, by its registry's word. */
export const imageRemarks = ['in-no-registry', 'stale', 'registry-unreachable'] as const;

/** What a change would make of the settings file, before anything is written. */
export const policyProposalSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('writable'),
    /** The change that would be made; another than was asked for where that one would not help. */
    change: policyChangeSchema,
    snippet,
    /** The user's settings file, which would be written. */
    file: z.string(),
    /** Empty when there is no such file yet. */
    before: z.string(),
    after: z.string(),
    /** Names what was looked at; given back with the order to write, so that nothing else is overwritten. */
    basis: z.string(),
    /** The requests that filtered sockets would let through more than now: `POST /images/{name}/push`. */
    opens: z.array(z.string()),
    remark: z.enum(imageRemarks).optional(),
    /** The settings file whose list is copied into the user's, which counts in its place from then on. */
    takesOverFrom: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('locked'), snippet, lockedBy }),
  /** Why it cannot be written, with the remedy. */
  z.strictObject({ kind: z.literal('impossible'), problem: z.string() }),
]);
export type PolicyProposal = z.infer<typeof policyProposalSchema>;

export const appliedChangeSchema = z.strictObject({
  /** The settings file that was written. */
  file: z.string(),
  /** Of the policy that is in force now. */
  generation: z.number().int(),
});
export type AppliedChange = z.infer<typeof appliedChangeSchema>;
