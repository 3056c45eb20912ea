import { z } from 'zod';

const count = z.number().int().nonnegative();

/** What one run has counted; every event counts, also those that the ring no longer holds. */
export const journalCountersSchema = z.strictObject({
  /** Start of the run, RFC 3339. */
  since: z.string(),
  events: count,
  passed: count,
  refused: count,
  granted: count,
  /** Refused since midnight where Lockkeeper runs. */
  refusedToday: count,
  /** Refusals by reason. */
  refusedBy: z.record(z.string(), count),
  /** Lines that never reached the journal file: disk full, folder gone, or one caller being too loud. */
  lostLines: count,
});
export type JournalCounters = z.infer<typeof journalCountersSchema>;
