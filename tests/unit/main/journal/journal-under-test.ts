import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { type Journal, type JournalOptions, openJournal } from '../../../../main/journal/journal.ts';
import { type EventBody, type JournalEvent, journalEventSchema } from '../../../../shared/journal/event.ts';

/** A folder and journals in it, which are closed and removed after each test. */
export function journalFolder() {
  let folder = '';
  let journals: Journal[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockkeeper-journal-'));
    journals = [];
  });
  afterEach(async () => {
    await Promise.all(journals.map((journal) => journal.close()));
    await rm(folder, { recursive: true, force: true });
  });
  return {
    path: (name = 'journal.jsonl') => join(folder, name),
    async opened(options: Partial<JournalOptions> = {}): Promise<Journal> {
      const journal = await openJournal({ folder, writePasses: () => false, ...options });
      journals.push(journal);
      return journal;
    },
  };
}

export function decision(outcome: 'passed' | 'refused' | 'granted', containerId?: string, path = '/x'): EventBody {
  const caller =
    containerId === undefined
      ? ({ listener: 'host-gate' } as const)
      : ({ listener: 'container-socket', containerId } as const);
  const reason = outcome === 'refused' ? { reason: 'command-denied' as const } : {};
  return { type: 'decision', outcome, caller, method: 'GET', path, operation: 'x', ...reason };
}

export const started: EventBody = { type: 'lifecycle', what: 'started', detail: 'here' };

/** Every line of a file, each of which has to be an event. */
export async function linesOf(path: string): Promise<JournalEvent[]> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => journalEventSchema.parse(JSON.parse(line)));
}

/** What the journal says about itself. */
export function journalNews(events: readonly JournalEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'lifecycle' && event.what.startsWith('journal-') ? [`${event.what}: ${event.detail}`] : [],
  );
}
