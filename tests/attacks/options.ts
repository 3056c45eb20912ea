import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../options/whole-number.ts';
import { chosenSeed } from '../system/clients/seeded.ts';
import { classes } from './cases/classes.ts';
import type { Selection } from './run/run-suite.ts';
import type { StageOptions } from './stage/stage.ts';

export interface Options extends StageOptions, Selection {
  readonly json: boolean;
  readonly generated: number;
  readonly seed: number;
}

const list = (text: string): string[] => text.split(',').filter((part) => part !== '');

/** A name that means nothing must not pass for an attack that was withstood. */
function attacks(text: string): string[] {
  const known = new Set(classes.flatMap(({ name, attacks: of }) => [name, ...of.map(({ id }) => `${name}/${id}`)]));
  const unknown = list(text).find((name) => !known.has(name));
  if (unknown === undefined) return list(text);
  const names = classes.map(({ name }) => name).join(', ');
  throw new InvalidArgumentError(`there is no ${unknown}; the classes are ${names}, and attacks are CLASS/ID`);
}

export function readOptions(args: readonly string[]): Options {
  const command = new Command('attacks')
    .description('Tries to get past a filtered Docker socket, and asks the engine whether it worked.')
    .requiredOption('--socket <path>', 'the filtered socket')
    .requiredOption('--engine <path>', "the engine's own socket, to prove every attack and to see what came of it")
    .option('--image <name>', 'an image of the engine that has /bin/busybox; default: one is made')
    .option('--listed <image>', 'an image to which the filter gives Docker sockets')
    .option('--registry <address>', 'a registry as the engine reaches it, such as 127.0.0.1:5000')
    .option('--denied <commands>', 'docker commands that the filter is configured to deny', list, ['push'])
    .option('--work <folder>', 'a folder of the host from which the filter lets containers bind')
    .option('--only <names>', 'classes, or attacks as class/id', attacks)
    .option('--quick', 'the short walk')
    .option('--generated <number>', 'how many generated attacks of each class', wholeNumber, 3)
    .option('--seed <number>', 'repeats generated attacks; also LOCKKEEPER_SEED', wholeNumber, chosenSeed())
    .option('--json', 'one JSON document', false);
  command.parse([...args], { from: 'user' });
  return command.opts<Options>();
}
