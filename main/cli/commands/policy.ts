import type { Command } from 'commander';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addPolicy(program: Command, { finish }: Hooks): void {
  withState(program.command('policy').summary('the effective policy as the enforcer holds it'))
    .description('The effective policy as the running enforcer holds it, and where each value comes from.')
    .option('--json', 'as JSON')
    .action(async (options) => finish(await (await import('../policy.ts')).policy(options)));
}
