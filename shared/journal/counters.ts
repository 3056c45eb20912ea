import { z } from 'zod';
import type { JournalEvent } from './event.ts';

const count = z.number().int().nonnegative();

/** Kinds of lines, by how loud they can become: `own` is what Lockkeeper says unasked, the others are decisions. */
export const lineKinds = ['own', 'granted', 'refused', 'observed', 'passed'] as const;
export type LineKind = (typeof lineKinds)[number];

/** What one run has counted; every event counts, also those that the ring no longer holds. */
export const journalCountersSchema = z.strictObject({
  /** Start of the run, RFC 3339. */
  since: z.string(),
  events: count,
  passed: count,
  refused: count,
  granted: count,
  /** Would have been refused, and went on since Lockkeeper observed. */
  observed: count,
  /** Refused since midnight where Lockkeeper runs. */
  refusedToday: count,
  /** Refusals by reason. */
  refusedBy: z.record(z.string(), count),
  /** Lines that never reached the journal file: disk full, folder gone, or one caller being too loud. */
  lostLines: count,
  /** The same by kind of line; kinds of which nothing was lost are left out. */
  lostBy: z.partialRecord(z.enum(lineKinds), count).optional(),
});
export type JournalCounters = z.infer<typeof journalCountersSchema>;

/** What kind of line an event makes. */
export function lineKindOf(event: JournalEvent): LineKind {
  return event.type === 'decision' ? event.outcome : 'own';
}
