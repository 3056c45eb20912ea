import type { Command } from 'commander';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addStatus(program: Command, { finish }: Hooks): void {
  withState(program.command('status').summary('whether it is on, what was blocked, and what is wrong'))
    .description('Whether the running Lockkeeper enforces, what was blocked, what is wrong and what to do about it.')
    .option('--json', 'as JSON')
    .action(async (options) => finish(await (await import('../status.ts')).status(options)));
}
