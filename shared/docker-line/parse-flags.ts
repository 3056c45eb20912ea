/** What a flag of a command is called, and whether it takes a value. */
export interface FlagKinds {
  /** By long name. */
  readonly takesValue: ReadonlyMap<string, boolean>;
  /** Long names by their short form. */
  readonly long: ReadonlyMap<string, string>;
}

/** The values of each flag that was given, in order; a flag without a value has `true` or what was set by `=`. */
export type Flags = ReadonlyMap<string, readonly string[]>;

export type FlagsResult =
  | { readonly ok: true; readonly flags: Flags; readonly args: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** Reads the notation of a flag table: `d,detach name=`. */
export function flagKinds(notation: string): FlagKinds {
  const takesValue = new Map<string, boolean>([['help', false]]);
  const long = new Map<string, string>();
  for (const word of notation.split(' ').filter((text) => text !== '')) {
    const [first = '', second] = word.replace('=', '').split(',');
    const name = second ?? first;
    takesValue.set(name, word.endsWith('='));
    if (second !== undefined) long.set(first, name);
  }
  if (!long.has('h')) long.set('h', 'help');
  return { takesValue, long };
}

interface Reading {
  readonly words: readonly string[];
  at: number;
  readonly flags: Map<string, string[]>;
}

/**
 * Reads flags as docker's own parser does (spf13/pflag): `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`,
 * several short ones in one word, `--` as the end. Where a command hands its arguments on (`run`, `exec`), its flags
 * end at the first argument.
 */
export function parseFlags(words: readonly string[], kinds: FlagKinds, endsAtArgument: boolean): FlagsResult {
  const reading: Reading = { words, at: 0, flags: new Map() };
  const args: string[] = [];
  while (reading.at < words.length) {
    const word = words[reading.at] ?? '';
    if (word === '--') return { ok: true, flags: reading.flags, args: [...args, ...words.slice(reading.at + 1)] };
    reading.at += 1;
    if (word.startsWith('-') && word !== '-') {
      const problem = word.startsWith('--') ? readLong(word, kinds, reading) : readShort(word, kinds, reading);
      if (problem !== undefined) return { ok: false, problem };
    } else if (endsAtArgument) {
      return { ok: true, flags: reading.flags, args: words.slice(reading.at - 1) };
    } else {
      args.push(word);
    }
  }
  return { ok: true, flags: reading.flags, args };
}

function readLong(word: string, { takesValue }: FlagKinds, reading: Reading): string | undefined {
  const equals = word.indexOf('=');
  const name = word.slice(2, equals === -1 ? undefined : equals);
  const wantsValue = takesValue.get(name);
  if (wantsValue === undefined) return `unknown flag "--${name}"`;
  if (equals !== -1) return add(reading, name, word.slice(equals + 1));
  return wantsValue ? addNext(reading, name, `--${name}`) : add(reading, name, 'true');
}

function readShort(word: string, { takesValue, long }: FlagKinds, reading: Reading): string | undefined {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] ?? '';
    const name = long.get(letter);
    if (name === undefined)
      return word.length === 2 ? `unknown flag "${word}"` : `unknown flag "-${letter}" in "${word}"`;
    const rest = word.slice(at + 1);
    if (rest.startsWith('=')) return add(reading, name, rest.slice(1));
    if (takesValue.get(name) === true) {
      return rest === '' ? addNext(reading, name, `-${letter}`) : add(reading, name, rest);
    }
    add(reading, name, 'true');
  }
  return undefined;
}

function addNext(reading: Reading, name: string, asWritten: string): string | undefined {
  const value = reading.words[reading.at];
  if (value === undefined) return `the flag "${asWritten}" needs a value`;
  reading.at += 1;
  return add(reading, name, value);
}

function add(reading: Reading, name: string, value: string): undefined {
  reading.flags.set(name, [...(reading.flags.get(name) ?? []), value]);
}

/** The last value of a flag, which is the one that counts where only one can. */
export function lastOf(flags: Flags, name: string): string | undefined {
  return flags.get(name)?.at(-1);
}

/** Whether a flag without a value is on; Go's strconv.ParseBool names the words. */
export function isSet(flags: Flags, name: string): boolean {
  const value = lastOf(flags, name);
  return value !== undefined && !['0', 'f', 'F', 'false', 'False', 'FALSE'].includes(value);
}
