import type { Command } from 'commander';
import type { Hooks } from './hooks.ts';

export function addValidate(program: Command, { finish }: Hooks): void {
  program
    .command('validate')
    .summary('check a settings file before it is put in place')
    .description(
      'Check a settings file as the service would. Prints one line for each error and warning; exits 1 on errors.',
    )
    .argument('<file>', 'the settings file')
    .option('--json', 'as JSON')
    .action(async (file: string, options) => finish(await (await import('../validate.ts')).validate(file, options)));
}
