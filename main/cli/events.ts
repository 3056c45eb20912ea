import { join } from 'node:path';
import type { JournalEvent } from '../../shared/journal/event.ts';
import type { EventFilter } from '../../shared/journal/filter.ts';
import type { ControlClient } from '../control/client.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complain, say } from './output.ts';
import { type StateOption, stateFolder, withRunning } from './running.ts';

export interface EventsOptions extends StateOption {
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly blocked?: boolean;
  /** False for `--no-passed`. */
  readonly passed: boolean;
  readonly container?: string;
  /** Most events of the past. */
  readonly limit: number;
  /** Read the journal file instead of asking. */
  readonly file?: boolean;
}

/** `lockkeeper events`: what happened, and with `--follow` what happens. */
export async function events(options: EventsOptions): Promise<ExitCode> {
  const show = (event: JournalEvent): void =>
    say(options.json === true ? JSON.stringify(event) : eventLine(event, new Date()));
  if (options.file === true) {
    return fromFile(options, show);
  }
  return withRunning(options, (client) => fromRunning(client, options, show));
}

function filterOf(options: EventsOptions): EventFilter {
  return {
    ...(options.blocked === true ? { outcomes: ['refused' as const] } : {}),
    ...(options.passed ? {} : { withoutPassed: true }),
    ...(options.container === undefined ? {} : { container: options.container }),
  };
}

async function fromRunning(
  client: ControlClient,
  options: EventsOptions,
  show: (event: JournalEvent) => void,
): Promise<ExitCode> {
  const filter = filterOf(options);
  const recent = await client.request('recentEvents', { ...filter, limit: options.limit });
  if (!recent.ok) {
    complain(recent.error.message);
    return exitCodes.failed.code;
  }
  for (const event of recent.value.events) {
    show(event);
  }
  if (options.follow !== true) {
    return exitCodes.ok.code;
  }
  const last = recent.value.events.at(-1)?.sequence ?? 0;
  const subscribed = await client.subscribe(
    'event',
    { ...filter, from: last + 1 },
    {
      value: show,
      lost: (count) => complain(`${count} events are missing here: they came faster than this output is read`),
    },
  );
  if (!subscribed.ok) {
    complain(subscribed.error.message);
    return exitCodes.failed.code;
  }
  await client.closed;
  complain('the running Lockkeeper stopped, or hung up: no more events');
  return exitCodes.unreachable.code;
}

async function fromFile(options: EventsOptions, show: (event: JournalEvent) => void): Promise<ExitCode> {
  const [{ readJournal }, { JOURNAL_FILE }, { matchesFilter }] = await Promise.all([
    import('../journal/read-journal.ts'),
    import('../journal/journal.ts'),
    import('../../shared/journal/filter.ts'),
  ]);
  const path = join(stateFolder(options), JOURNAL_FILE);
  try {
    const filter = filterOf(options);
    const reading = await readJournal(path, options.limit, (event) => matchesFilter(event, filter));
    for (const event of reading.events) {
      show(event);
    }
    if (reading.unreadable > 0) {
      complain(`${reading.unreadable} lines of ${path} are no events (cut by a crash, or of a newer version)`);
    }
    return exitCodes.ok.code;
  } catch (error) {
    complain(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return exitCodes.failed.code;
  }
}
