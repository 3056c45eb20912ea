import type { Command } from 'commander';
import { exitCodesHelp } from '../exit-codes.ts';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addCheck(program: Command, { finish }: Hooks): void {
  withState(program.command('check').summary('what would happen to a docker command, and why'))
    .description(
      `Say what would become of a docker command line or a create body, step by step, by the enforcer's own decision.
Nothing is done and nothing recorded. Asks the running Lockkeeper; where none runs, the settings files and the engine.`,
    )
    .argument('[command...]', "a docker command line, behind '--'")
    .option('--create <file>', "a body of POST /containers/create in place of a command line; '-' for standard input")
    .option('--from <where...>', 'which way in: host (default), filtered, container NAME, or socket PATH')
    .option('--engine <url>', 'engine to ask when no Lockkeeper runs')
    .option('--settings <file>', "settings file in place of the administrator's when no Lockkeeper runs")
    .option('--json', 'as JSON')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
Examples:
  $ lockkeeper check -- docker run -v /var/run/docker.sock:/var/run/docker.sock docker:cli
  $ lockkeeper check --from container ci -- docker push registry.example.com/app
  $ lockkeeper check --from filtered --create body.json

${exitCodesHelp()}`,
    )
    .action(async (words: string[], options) =>
      finish(await (await import('../check/check.ts')).check(words, options)),
    );
}
