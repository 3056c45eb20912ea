import type { Command } from 'commander';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { completionModel } from './model.ts';
import type { Shell } from './shell.ts';
import { zshScript } from './zsh.ts';

const writers = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** The script that makes a shell complete the program's command line. */
export function completionScript(shell: Shell, program: Command): string {
  return writers[shell](completionModel(program));
}
