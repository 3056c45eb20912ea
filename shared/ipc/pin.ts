import { z } from 'zod';

/** How an image is written into the policy so that it, and no other, is meant; nothing is changed by that. */
export const pinSchema = z.discriminatedUnion('kind', [
  /** Its registry confirms the digest: an entry for `imageList.images`. */
  z.strictObject({ kind: z.literal('digest'), image: z.string(), entry: z.string() }),
  /** No registry confirms one, and `why`: its ID, for `lockkeeper.localImages`. */
  z.strictObject({ kind: z.literal('id'), image: z.string(), entry: z.string(), why: z.string() }),
  z.strictObject({ kind: z.literal('impossible'), image: z.string(), problem: z.string() }),
]);
export type Pin = z.infer<typeof pinSchema>;
