import type { Command } from 'commander';
import { exitCodesHelp } from '../exit-codes.ts';
import { collect, portNumber } from '../option-values.ts';
import { ownPaths } from '../running.ts';
import type { Hooks } from './hooks.ts';

export function addServe(program: Command, { outlivesReader, finish }: Hooks): void {
  const { state, hostGate } = ownPaths();
  program
    .command('serve')
    .summary('stand between Docker clients and the engine')
    .description(
      `Stand between Docker clients and the engine until SIGINT or SIGTERM.
Prints one line, 'lockkeeper: ready …', when every socket accepts.`,
    )
    .option('--engine <url>', "the engine's endpoint (default: the one that Docker's tools would use)")
    .option('--host-gate <path>', `socket for Docker's tools on this host (default: ${hostGate})`)
    .option('--settings <file>', "settings file in place of the administrator's; refused while a locked one exists")
    .option('--state <dir>', `folder for state, journal and the sockets of containers (default: ${state})`)
    .option('--standing-socket <path>', 'a filtered socket for a tool that is no container; may be repeated', collect)
    .option(
      '--dashboard <port>',
      'serve the window to browsers on 127.0.0.1 at this port (0: any free one)',
      portNumber,
    )
    .option('--json', 'say what is said as JSON, one object a line')
    .addHelpText('after', `\n${exitCodesHelp()}`)
    .action(async (options: ServeCommandOptions) => {
      outlivesReader();
      const [{ serve }, { startService }] = await Promise.all([
        import('../serve.ts'),
        import('../../service/service.ts'),
      ]);
      const { standingSocket = [], ...rest } = options;
      finish(await serve({ ...rest, standingSockets: standingSocket }, startService));
    });
}

interface ServeCommandOptions {
  readonly engine?: string;
  readonly hostGate?: string;
  readonly settings?: string;
  readonly state?: string;
  readonly standingSocket?: readonly string[];
  readonly dashboard?: number;
  readonly json?: boolean;
}
