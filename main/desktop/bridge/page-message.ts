import { z } from 'zod';
import type { PageMessage } from '../../../shared/ipc/bridge.ts';

const lineNumber = z.int().positive();

/** Every message of a page is held against this before anything else is done with it. */
export const pageMessageSchema: z.ZodType<PageMessage> = z.union([
  z.strictObject({ open: lineNumber }),
  z.strictObject({ line: lineNumber, frame: z.string() }),
  z.strictObject({ line: lineNumber, read: z.int().positive() }),
  z.strictObject({ close: lineNumber }),
]);
