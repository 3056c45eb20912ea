import { join, resolve } from 'node:path';
import type { JournalEvent } from '../../../shared/journal/event.ts';
import type { EventFilter } from '../../../shared/journal/filter.ts';
import type { ControlClient } from '../../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { complain, complainError, say } from '../output.ts';
import { type StateOption, stateFolder, withRunning } from '../running.ts';
import { eventLine } from './event-line.ts';

export interface EventsOptions extends StateOption {
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly blocked?: boolean;
  /** False for `--no-passed`. */
  readonly passed: boolean;
  readonly container?: string;
  readonly type?: NonNullable<EventFilter['types']>;
  readonly outcome?: NonNullable<EventFilter['outcomes']>;
  /** Most events of the past. */
  readonly limit: number;
  /** Read the journal file instead of asking: the one in the state folder, or the one named. */
  readonly file?: boolean | string;
}

/** `lockkeeper events`: what happened, and with `--follow` what happens. */
export async function events(options: EventsOptions): Promise<ExitCode> {
  const show = (event: JournalEvent): void =>
    say(options.json === true ? JSON.stringify(event) : eventLine(event, new Date()));
  if (options.file !== undefined && options.file !== false) {
    return fromFile(options, show);
  }
  return withRunning(options, (client) => fromRunning(client, options, show));
}

function filterOf(options: EventsOptions): EventFilter {
  return {
    ...(options.blocked === true ? { outcomes: ['refused' as const] } : {}),
    ...(options.outcome === undefined ? {} : { outcomes: [...options.outcome] }),
    ...(options.type === undefined ? {} : { types: [...options.type] }),
    ...(options.passed ? {} : { withoutPassed: true }),
    ...(options.container === undefined ? {} : { container: options.container }),
  };
}

async function fromRunning(
  client: ControlClient,
  options: EventsOptions,
  show: (event: JournalEvent) => void,
): Promise<ExitCode> {
  const { json } = options;
  const filter = filterOf(options);
  const recent = await client.request('recentEvents', { ...filter, limit: options.limit });
  if (!recent.ok) {
    complainError(recent.error, options.json);
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
      lost: (count) =>
        complain(`${count} events are missing here: they came faster than this output is read`, { json }),
    },
  );
  if (!subscribed.ok) {
    complainError(subscribed.error, options.json);
    return exitCodes.failed.code;
  }
  await client.closed;
  complain('the running Lockkeeper stopped, or hung up: no more events', { json, name: 'not-running' });
  return exitCodes.unreachable.code;
}

async function fromFile(options: EventsOptions, show: (event: JournalEvent) => void): Promise<ExitCode> {
  const [{ readJournal }, { JOURNAL_FILE }, { matchesFilter }] = await Promise.all([
    import('../../journal/read-journal.ts'),
    import('../../journal/journal.ts'),
    import('../../../shared/journal/filter.ts'),
  ]);
  const { json } = options;
  const path = typeof options.file === 'string' ? resolve(options.file) : join(stateFolder(options), JOURNAL_FILE);
  try {
    const filter = filterOf(options);
    const reading = await readJournal(path, options.limit, (event) => matchesFilter(event, filter));
    for (const event of reading.events) {
      show(event);
    }
    if (reading.unreadable > 0) {
      complain(`${reading.unreadable} lines of ${path} are no events (cut by a crash, or of a newer version)`, {
        json,
      });
    }
    return exitCodes.ok.code;
  } catch (error) {
    complain(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { json });
    return exitCodes.failed.code;
  }
}
