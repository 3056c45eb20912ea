import type { Command } from './command.ts';
import { type CommandGroup, commandGroups } from './command-groups.ts';
import { commands } from './command-table.ts';
import { type RefusedCommand, refusedCommands } from './refused-commands.ts';

/** What an entry of a command list names. */
export type NamedCommand =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'group'; readonly group: CommandGroup };

export type NameResult =
  | { readonly ok: true; readonly named: NamedCommand }
  | { readonly ok: false; readonly problem: string };

function indexNames(): ReadonlyMap<string, NamedCommand> {
  const names = new Map<string, NamedCommand>();
  for (const command of commands) {
    for (const name of [command.name, ...command.aliases]) names.set(name, { kind: 'command', command });
  }
  for (const group of commandGroups) {
    for (const name of [group.wildcard, ...group.aliases]) names.set(name, { kind: 'group', group });
  }
  return names;
}

function indexRefused(): ReadonlyMap<string, RefusedCommand> {
  return new Map(
    refusedCommands.flatMap((command) => [command.name, ...command.aliases].map((name) => [name, command])),
  );
}

const knownNames = indexNames();
const refusedNames = indexRefused();
const wildcards = commandGroups.map((group) => group.wildcard);

/** Every name that a list may have: commands with their aliases, and groups. */
export const commandNames: readonly string[] = [...knownNames.keys()];

/** Longer entries are shown shortened. */
const LONGEST_SHOWN = 40;
/** Names further away than this from what was written are no help. */
const FARTHEST_GUESS = 3;

/** Edits (insert, delete, replace, swap neighbours) that lead from one text to the other. */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = last;
    last = current;
  }
  return last[other.length] ?? 0;
}

/** The known names nearest to a text, at most three, nearest first. */
export function nearestNames(text: string): readonly string[] {
  const limit = Math.min(FARTHEST_GUESS, Math.ceil(text.length / 2));
  const lastWord = text.slice(text.lastIndexOf(' ') + 1);
  return commandNames
    .filter((name) => name === lastWord || Math.abs(name.length - text.length) <= limit)
    .map((name) => ({ name, distance: name === lastWord ? 1 : editDistance(text, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

function quotedList(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

/** The same words as docker's own help would have them: lower case, single spaces, without `docker` in front. */
function tidied(text: string): string {
  return text
    .toLowerCase()
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^docker /, '')
    .replace(/ ?\*$/, '*');
}

/** The table's row for a text, its first two words or its first word (`compose pause` is refused as `compose` is). */
function findRefused(text: string): RefusedCommand | undefined {
  const words = text.replace(/ ?\*$/, '').split(' ', 3);
  return refusedNames.get(words.slice(0, 2).join(' ')) ?? refusedNames.get(words[0] ?? '');
}

function shown(text: string): string {
  return text.length <= LONGEST_SHOWN ? `"${text}"` : `"${text.slice(0, LONGEST_SHOWN)}…"`;
}

function describeUnknown(text: string): string {
  if (text.trim() === '') return 'is empty; remove it, or name a command such as "push"';
  const tidy = tidied(text);
  if (tidy !== text && (knownNames.has(tidy) || refusedNames.has(tidy))) {
    return `${shown(text)} is not written as docker writes it; write "${tidy}"`;
  }
  if (knownNames.has(`${text}*`))
    return `"${text}" is a group of commands, not a command; write "${text}*" for all of them`;
  if (text.includes('*')) {
    return `${shown(text)} is no known group; a "*" stands only directly behind a group's name: ${quotedList(wildcards)}`;
  }
  const nearest = nearestNames(tidy);
  const hint = nearest.length === 0 ? 'see "docker --help" for the names' : `did you mean ${quotedList(nearest)}?`;
  return `${shown(text)} is not a docker command that can be listed; ${hint}`;
}

/** Finds what an entry names; the problem says what would be right instead. */
export function resolveName(text: string): NameResult {
  const named = knownNames.get(text);
  if (named !== undefined) return { ok: true, named };
  const refused = tidied(text) === text ? findRefused(text) : undefined;
  if (refused !== undefined)
    return { ok: false, problem: `"${refused.name}" cannot be listed: ${refused.refusedAtLoad}` };
  return { ok: false, problem: describeUnknown(text) };
}
