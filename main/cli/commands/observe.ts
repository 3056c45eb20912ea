import { type Command, Option } from 'commander';
import { observedMinutes } from '../option-values.ts';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addObserve(program: Command, { finish }: Hooks): void {
  withState(program.command('observe').summary('block nothing for a while, and record what would be blocked'))
    .description(
      `Let everything pass for some minutes, and record what the policy would have blocked
(see 'lockkeeper events --outcome observed'). It ends by itself, and is not possible where the policy is locked.`,
    )
    .addOption(new Option('--minutes <number>', 'for how long').argParser(observedMinutes).default(15))
    .option('--end', 'enforce the policy again, now')
    .option('--json', 'as JSON')
    .action(async (options) => finish(await (await import('../observe.ts')).observe(options)));
}
