import type { Command, CommandEntry, CommandSketch, Need } from './command.ts';
import { containerCommands } from './container-commands.ts';
import { imageCommands } from './image-commands.ts';
import { swarmCommands } from './swarm-commands.ts';
import { systemCommands } from './system-commands.ts';

const groupWords: readonly string[] = [
  'container',
  'image',
  'volume',
  'network',
  'builder',
  'system',
  'plugin',
  'swarm',
  'service',
  'node',
  'secret',
  'config',
  'checkpoint',
];

function needsOf(sketch: CommandSketch): readonly Need[] {
  const sometimes = sketch.sometimes ?? [];
  const always = [...sketch.defining, ...(sketch.needs ?? [])].filter((op) => !sometimes.includes(op));
  return [
    ...always.map((op): Need => ({ op })),
    ...sometimes.map((op): Need => ({ op, optional: true })),
    ...(sketch.own ?? []).map((op): Need => ({ op, scope: 'own' })),
    ...(sketch.sometimesOwn ?? []).map((op): Need => ({ op, scope: 'own', optional: true })),
  ];
}

function toCommand([name, aliases, sketch]: CommandEntry): Command {
  const word = name.slice(0, Math.max(0, name.indexOf(' ')));
  return {
    name,
    aliases,
    ...(groupWords.includes(word) ? { group: word } : {}),
    defining: sketch.defining,
    alsoDenied: sketch.alsoDenied ?? [],
    needed: needsOf(sketch),
    ...(sketch.note === undefined ? {} : { note: sketch.note }),
  };
}

/**
 * Every command of `docker --help` and `docker GROUP --help` that has an operation of its own. Which requests a command
 * sends was recorded with the docker CLI 20.10 and 28, against engines of both versions.
 */
export const commands: readonly Command[] = [
  ...containerCommands,
  ...imageCommands,
  ...systemCommands,
  ...swarmCommands,
].map(toCommand);
