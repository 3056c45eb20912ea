import { nearestNames } from '../commands/command-names.ts';
import { commands } from '../commands/command-table.ts';
import { refusedCommands } from '../commands/refused-commands.ts';
import { cliPluginFlags } from './flags/cli-plugin-flags.ts';
import { containerFlags } from './flags/container-flags.ts';
import type { FlagTable } from './flags/flag-table.ts';
import { imageFlags } from './flags/image-flags.ts';
import { swarmFlags } from './flags/swarm-flags.ts';
import { systemFlags } from './flags/system-flags.ts';
import { type FlagKinds, type Flags, flagKinds, isSet, lastOf, parseFlags } from './parse-flags.ts';

/** A docker command line, read. */
export interface DockerLine {
  /** Canonical name: `container run` for `docker run`; empty for docker itself. */
  readonly command: string;
  readonly flags: Flags;
  readonly args: readonly string[];
  /** Whether it only shows help or the client's version. */
  readonly onlyHelp: boolean;
  /** The engine or context that the line names itself (`-H`, `--context`), which may lead around Lockkeeper. */
  readonly elsewhere?: string;
}

export type DockerLineResult =
  | { readonly ok: true; readonly line: DockerLine }
  | { readonly ok: false; readonly problem: string };

/** Every command and group with its flags. */
export const flagTable: FlagTable = {
  ...containerFlags,
  ...imageFlags,
  ...systemFlags,
  ...swarmFlags,
  ...cliPluginFlags,
};

/** Their flags end at the first argument, as what follows is somebody else's command line, or another command. */
const handsArgumentsOn: ReadonlySet<string> = new Set([
  'container run',
  'container create',
  'container exec',
  'container top',
  'service create',
  'compose run',
  'compose exec',
]);

const groups: ReadonlySet<string> = new Set(
  Object.keys(flagTable).flatMap((name) => (name.includes(' ') ? [name.slice(0, name.lastIndexOf(' '))] : [])),
);

const canonicalNames: ReadonlyMap<string, string> = new Map([
  ...Object.keys(flagTable).map((name) => [name, name] as const),
  ...[...commands, ...refusedCommands].flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name] as const)),
  ['buildx f', 'buildx bake'],
  ['bake', 'buildx bake'],
]);

/** Groups that have another name: `docker builder build` is `docker buildx build`. */
const groupNames: ReadonlyMap<string, string> = new Map([['builder', 'buildx']]);

/** Names that can follow `docker`, or a group of its commands; for completion and for guesses. */
export function wordsAfter(group: string): readonly string[] {
  const prefix = group === '' ? '' : `${group} `;
  const names = [...canonicalNames.keys()].filter((name) => name !== '' && name.startsWith(prefix));
  return [...new Set(names.map((name) => name.slice(prefix.length).split(' ')[0] ?? ''))].sort();
}

/** Reads the words of a docker command line. The problem names the word that is not understood. */
export function parseDockerLine(words: readonly string[]): DockerLineResult {
  const [first = '', ...rest] = words;
  const program = first.replace(/^.*[/\\]/, '').replace(/\.exe$/, '');
  if (program === 'docker') return withEndpoint(readGroup('', rest), rest);
  if (program === 'docker-compose') return readGroup('compose', rest);
  const problem = first === '' ? 'there is no command' : `"${first}" is not docker`;
  return { ok: false, problem: `${problem}; give a docker command line, as in: docker run --rm alpine` };
}

function withEndpoint(result: DockerLineResult, words: readonly string[]): DockerLineResult {
  const read = parseFlags(words, kindsOf(''), true);
  const elsewhere = read.ok ? (lastOf(read.flags, 'host') ?? lastOf(read.flags, 'context')) : undefined;
  return result.ok && elsewhere !== undefined ? { ok: true, line: { ...result.line, elsewhere } } : result;
}

/** Flags of docker or of a group, and then the command in it. */
function readGroup(group: string, words: readonly string[]): DockerLineResult {
  const read = parseFlags(words, kindsOf(group), true);
  if (!read.ok) return { ok: false, problem: `${spoken(group)}: ${read.problem}` };
  const [word, ...rest] = read.args;
  const onlyHelp = isSet(read.flags, 'help') || (group === '' && isSet(read.flags, 'version'));
  if (onlyHelp) return { ok: true, line: { command: group, flags: read.flags, args: read.args, onlyHelp } };
  if (word === undefined) return { ok: false, problem: `${spoken(group)}: a command is missing` };
  const name = findCommand(group, word);
  if (name === undefined) return { ok: false, problem: unknownCommand(group, word) };
  return groups.has(name) ? readGroup(name, rest) : readCommand(name, rest);
}

function findCommand(group: string, word: string): string | undefined {
  const spelled = group === '' ? word : `${group} ${word}`;
  return canonicalNames.get(spelled) ?? (groups.has(spelled) ? spelled : otherGroup(group, word));
}

function otherGroup(group: string, word: string): string | undefined {
  const other = groupNames.get(group);
  return other === undefined ? undefined : canonicalNames.get(`${other} ${word}`);
}

function readCommand(command: string, words: readonly string[]): DockerLineResult {
  const read = parseFlags(words, kindsOf(command), handsArgumentsOn.has(command));
  if (!read.ok) return { ok: false, problem: `docker ${command}: ${read.problem}; see "docker ${command} --help"` };
  return { ok: true, line: { command, flags: read.flags, args: read.args, onlyHelp: isSet(read.flags, 'help') } };
}

function kindsOf(command: string): FlagKinds {
  return flagKinds(flagTable[command] ?? '');
}

function spoken(group: string): string {
  return group === '' ? 'docker' : `docker ${group}`;
}

function unknownCommand(group: string, word: string): string {
  const names = nearestNames(group === '' ? word : `${group} ${word}`).filter((name) => !name.endsWith('*'));
  const guesses = names.map((name) => `"docker ${name}"`);
  const hint = guesses.length === 0 ? `see "${spoken(group)} --help"` : `did you mean ${guesses.join(' or ')}?`;
  return `${spoken(group)}: unknown command "${word}"; ${hint}`;
}
