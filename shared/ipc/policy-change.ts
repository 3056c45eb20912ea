import { z } from 'zod';

/** The smallest changes of a policy that let something through. */
export const policyChangeSchema = z.discriminatedUnion('kind', [
  /** One more entry of the image list. */
  z.strictObject({ kind: z.literal('add-image'), entry: z.string().min(1).max(512) }),
  z.strictObject({ kind: z.literal('allow-derived-images') }),
  /** A name that leaves a deny list. */
  z.strictObject({ kind: z.literal('stop-denying'), command: z.string().min(1).max(64) }),
  /** A name that joins an allow list. */
  z.strictObject({ kind: z.literal('start-allowing'), command: z.string().min(1).max(64) }),
]);
export type PolicyChange = z.infer<typeof policyChangeSchema>;

/** What a change would make of the settings file, before anything is written. */
export const policyProposalSchema = z.strictObject({
  /** The part of a settings file that says it, to be pasted into one. */
  snippet: z.string(),
  /** The user's settings file, which would be written. */
  file: z.string(),
  before: z.string(),
  after: z.string(),
  /** Names what was looked at; given back with the order to write, so that nothing else is overwritten. */
  basis: z.string(),
  /** The settings file that locks the value: nothing can be written. */
  lockedBy: z.string().optional(),
  /** Why it cannot be written for another reason. */
  problem: z.string().optional(),
});
export type PolicyProposal = z.infer<typeof policyProposalSchema>;
