import type { Command } from 'commander';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addDashboard(program: Command, { finish }: Hooks): void {
  withState(program.command('dashboard').summary('a link to the window in the browser'))
    .description(
      `Print a link that lets one browser in, once, to the window of the running Lockkeeper.
It was started with 'lockkeeper serve --dashboard PORT'.`,
    )
    .option('--json', 'as JSON')
    .action(async (options) => finish(await (await import('../dashboard.ts')).dashboard(options)));
}
