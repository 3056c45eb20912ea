import { z } from 'zod';

/** How what runs comes up, and what of that can be chosen: that depends on the shell that it runs in. */
export const startUpSchema = z.strictObject({
  /** Whether the system starts it at login; `not-offered`: this run has no way to arrange for that. */
  atLogin: z.enum(['on', 'off', 'not-offered']),
  /** Whether it opens a window of its own when it starts, which can be left out. */
  opensWindow: z.boolean(),
});
export type StartUp = z.infer<typeof startUpSchema>;
