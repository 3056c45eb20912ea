import type { Command } from 'commander';
import { exitCodesHelp } from '../exit-codes.ts';
import type { JsonOption } from '../running.ts';
import { addServeOptions, type ServeWords, serveOptions } from '../serve-options.ts';
import type { Hooks } from './hooks.ts';

export function addServe(program: Command, { outlivesReader, finish }: Hooks): void {
  addServeOptions(program.command('serve'))
    .summary('stand between Docker clients and the engine')
    .description(
      `Stand between Docker clients and the engine until SIGINT or SIGTERM.
Prints one line, 'lockkeeper: ready …', when every socket accepts.`,
    )
    .option('--json', 'say what is said as JSON, one object a line')
    .addHelpText('after', `\n${exitCodesHelp()}`)
    .action(async (options: ServeWords & JsonOption) => {
      outlivesReader();
      const [{ serve }, { startService }] = await Promise.all([
        import('../serve.ts'),
        import('../../service/service.ts'),
      ]);
      finish(await serve({ ...serveOptions(options), json: options.json === true }, startService));
    });
}
