import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { addServeOptions, type ServeWords, serveOptions } from '../cli/serve-options.ts';
import type { ServeOptions } from '../service/service-options.ts';

export type CommandLine =
  | { readonly kind: 'start'; readonly options: ServeOptions; readonly isHidden: boolean }
  /** Only something to print: the help, or what is wrong. */
  | { readonly kind: 'said'; readonly text: string; readonly isWrong: boolean };

/**
 * Reads what is ours of the app's command line. Switches of Chromium and Electron stand among our options in a packaged
 * app, so what is not known is left to them.
 */
export function readCommandLine(words: readonly string[]): CommandLine {
  let text = '';
  const collect = (written: string) => {
    text += written;
  };
  const command = addServeOptions(new Command('lockkeeper-desktop'))
    .description(`${packageJson.productName}, as an app with a window and a tray icon.`)
    .option('--hidden', 'start without the window; a second start shows it')
    .helpOption('-h, --help', 'show this help')
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeOut: collect, writeErr: collect });
  try {
    command.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'said', text, isWrong: error.exitCode !== 0 };
  }
  const { hidden, ...options } = command.opts<ServeWords & { readonly hidden?: true }>();
  return { kind: 'start', options: serveOptions(options), isHidden: hidden === true };
}

/** Our words of a process's command line. Run from source, the app's place comes before them, and switches before that. */
export function ownWords(argv: readonly string[], isFromSource: boolean): readonly string[] {
  const words = argv.slice(1);
  return isFromSource ? words.slice(words.findIndex((word) => !word.startsWith('-')) + 1) : words;
}
