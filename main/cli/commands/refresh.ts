import type { Command } from 'commander';
import { exitCodesHelp } from '../exit-codes.ts';
import { withState } from '../state-option.ts';
import type { Hooks } from './hooks.ts';

export function addRefresh(program: Command, { finish }: Hooks): void {
  withState(program.command('refresh').summary('bring listed images to what their registries have'))
    .description(
      `Pull listed images again whose registry has another one, and remove the old ones: what 'docker image rm' and
'docker pull' would do, but the registry is asked first, and the old image goes only when the new one is there.`,
    )
    .argument('[image...]', 'images by their names')
    .option('--all-stale', 'all images that are stale by the image list')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--remove-stopped', 'also remove stopped containers that were made from the old image')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ lockkeeper refresh docker:cli
  $ lockkeeper refresh --all-stale --dry-run

${exitCodesHelp()}`,
    )
    .action(async (images: string[], options) =>
      finish(await (await import('../refresh/refresh.ts')).refresh(images, options)),
    );
}
