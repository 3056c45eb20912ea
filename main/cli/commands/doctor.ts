import type { Command } from 'commander';
import { exitCodesHelp } from '../exit-codes.ts';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addDoctor(program: Command, { finish }: Hooks): void {
  withState(program.command('doctor').summary('what is set up wrongly on this machine, and the way out of each'))
    .description(
      `Look at what could lead Docker's tools and containers past Lockkeeper, one line a check, with what to do.
Asks the running Lockkeeper, and this terminal; where none runs, that is the first line, and the rest is looked at here.
Changes nothing. Exits 7 when something needs attention.`,
    )
    .option('--prove', 'have a real create with a local image refused, as proof; the journal has that refusal then')
    .option('--engine <url>', 'engine to ask when no Lockkeeper runs')
    .option('--settings <file>', "settings file in place of the administrator's when no Lockkeeper runs")
    .option('--json', 'as JSON')
    .addHelpText('after', `\n${exitCodesHelp()}`)
    .action(async (options) => finish(await (await import('../doctor/doctor.ts')).doctor(options)));
}
