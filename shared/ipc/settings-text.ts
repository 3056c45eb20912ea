import { z } from 'zod';

/** Longest settings text in characters that is taken from a view; quotes double in a message, which has a cap of its own. */
export const LONGEST_SETTINGS = 256 * 1024;

/** The user's settings file as a text, for an editor. */
export const settingsTextSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('writable'),
    file: z.string(),
    /** Absent when there is no such file yet. */
    text: z.string().optional(),
    /** Names what was looked at; given back with the order to write, so that nothing else is overwritten. */
    basis: z.string(),
  }),
  /** The administrator's file that locks the policy. */
  z.strictObject({ kind: z.literal('locked'), lockedBy: z.string() }),
  /** Why it cannot be written, with the remedy. */
  z.strictObject({ kind: z.literal('impossible'), problem: z.string() }),
]);
export type SettingsText = z.infer<typeof settingsTextSchema>;

export const settingsToWriteSchema = z.strictObject({
  text: z.string().max(LONGEST_SETTINGS),
  basis: z.string().max(128),
});
