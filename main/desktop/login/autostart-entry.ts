import { isDeepStrictEqual } from 'node:util';

/** By this key we know an entry that we have made (keys of programs begin with `X-`: Desktop Entry Specification). */
const OURS = 'X-Lockkeeper';

/** The text of an autostart entry that runs a command (freedesktop's Desktop Entry Specification 1.5). */
export function autostartEntry(words: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.5',
    'Name=Lockkeeper',
    `Exec=${execValue(words)}`,
    'Terminal=false',
    `${OURS}=made by the app; “Start at login” in its window removes it`,
  ];
  return `${lines.join('\n')}\n`;
}

export interface FoundEntry {
  readonly isOurs: boolean;
  /** Whether the entry has the command run at login. */
  readonly starts: (words: readonly string[]) => boolean;
}

/** What an entry in the place of ours says, whoever wrote it: desktops switch entries off by a key in them. */
export function readAutostartEntry(text: string): FoundEntry {
  const keys = desktopEntryKeys(text);
  const isOurs = keys.has(OURS);
  const isOn = keys.get('Hidden') !== 'true' && keys.get('X-GNOME-Autostart-enabled') !== 'false';
  return { isOurs, starts: (words) => isOurs && isOn && isDeepStrictEqual(keys.get('Exec'), execValue(words)) };
}

/**
 * Every word is quoted, with what is special in quotes escaped (“The Exec key”), and `%` doubled, which begins a field
 * code. Then comes the escaping of every string value, so that a `$` of a word is `\\$` in the file.
 */
function execValue(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`);
  return quoted.join(' ').replace(/[\\\n\t\r]/g, (character) => VALUE_ESCAPES[character] ?? '');
}

const VALUE_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/** The keys of the first group, which is the one that counts; blanks around `=` do not. */
function desktopEntryKeys(text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  let group: string | undefined;
  for (const line of text.split('\n').map((one) => one.trim())) {
    const name = /^\[(.*)\]$/.exec(line)?.[1];
    if (name !== undefined) group = name;
    const [, key, value] = /^([A-Za-z0-9-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (group === 'Desktop Entry' && key !== undefined && value !== undefined) keys.set(key, value);
  }
  return keys;
}
