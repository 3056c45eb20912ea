import type { Command } from 'commander';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addPin(program: Command, { finish }: Hooks): void {
  withState(program.command('pin').summary('how an image is written into the policy, exactly'))
    .description(
      `Print, for each image of this machine, the entry that means it and no other: its digest for imageList.images where
its registry confirms it, otherwise its ID for lockkeeper.localImages. Nothing is changed.`,
    )
    .argument('<image...>', 'images by their names or IDs')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ lockkeeper pin docker:cli
  $ lockkeeper pin $(docker images -q team/tools)`,
    )
    .action(async (images: string[], options) => finish(await (await import('../pin.ts')).pin(images, options)));
}
