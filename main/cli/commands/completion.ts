import { Argument, type Command } from 'commander';
import { type Shell, shells } from '../completion/shell.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import type { Hooks } from './hooks.ts';

export function addCompletion(program: Command, { finish }: Hooks): void {
  program
    .command('completion')
    .summary('a script that makes the shell complete commands and options')
    .description(
      `Print a script that makes a shell complete lockkeeper's commands, options and values:
  bash   source <(lockkeeper completion bash)
  zsh    source <(lockkeeper completion zsh)
  fish   lockkeeper completion fish | source`,
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../completion/script.ts');
      say(completionScript(shell, program));
      finish(exitCodes.ok.code);
    });
}
