import { type Command, Option } from 'commander';
import { eventOutcomes, eventTypes } from '../../../shared/journal/filter.ts';
import { eventCount } from '../option-values.ts';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addEvents(program: Command, { finish }: Hooks): void {
  withState(program.command('events').summary('what was asked, and what became of it'))
    .description(
      `What was asked of the engine and what became of it, oldest first.
One line an event: time, outcome, command, image, reason, who asked.`,
    )
    .option('-f, --follow', 'go on with events as they happen')
    .option('--json', 'one JSON object a line, with all fields')
    .option('--blocked', 'only what was refused')
    .option('--no-passed', 'leave out requests that simply passed')
    .option('--container <id>', 'only events of this container; the beginning of its ID will do')
    .addOption(new Option('--type <type...>', 'only events of these types').choices(eventTypes))
    .addOption(new Option('--outcome <outcome...>', 'only decisions with these outcomes').choices(eventOutcomes))
    .option('-n, --limit <number>', 'so many events of the past', eventCount, 100)
    .option('--file [path]', 'read the journal file, which has earlier runs too, and needs no running Lockkeeper')
    .addHelpText(
      'after',
      `
Examples:
  $ lockkeeper events --blocked             what was refused lately
  $ lockkeeper events --follow --json | jq 'select(.outcome == "refused") | .message'
  $ lockkeeper events --container 3f2a1b    what one container asked for`,
    )
    .action(async (options) => finish(await (await import('../events/events.ts')).events(options)));
}
