import type { Command } from 'commander';
import { ownPaths } from './running.ts';

/** The option of commands that ask a running Lockkeeper. */
export function withState(command: Command): Command {
  return command.option('--state <dir>', `state folder of the running Lockkeeper (default: ${ownPaths().state})`);
}
