import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { StartAtLogin } from '../../service/shell.ts';
import { readFileOnce } from '../../settings/file-reading.ts';
import { StateError, stateError } from '../../state/state-error.ts';
import { writeAtomically } from '../../state/write-atomically.ts';
import { autostartEntry, type FoundEntry, readAutostartEntry } from './autostart-entry.ts';

/** Where desktops look for what to start at login; relative values are to be ignored (XDG Base Directory Specification). */
export function autostartFile(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const { XDG_CONFIG_HOME: given = '' } = env;
  return join(posix.isAbsolute(given) ? given : join(home, '.config'), 'autostart', 'lockkeeper.desktop');
}

/** At login by an entry of freedesktop's Desktop Application Autostart Specification, which runs `words`. */
export function xdgAutostart(path: string, words: readonly string[]): StartAtLogin {
  return {
    async isOn() {
      const found = await look(path);
      return typeof found === 'object' && found.starts(words);
    },
    async set(isOn) {
      const found = await look(path);
      if (typeof found === 'string') return found;
      if (found !== undefined && !found.isOurs) return inTheWay(path, 'was not made by Lockkeeper');
      try {
        if (isOn) await write(path, autostartEntry(words));
        else await rm(path, { force: true });
        return undefined;
      } catch (error) {
        const known = stateError(path, error);
        if (known instanceof StateError) return known.message;
        throw known;
      }
    },
  };
}

async function write(path: string, text: string): Promise<void> {
  // The specification has the folders made with this mode.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeAtomically(path, text);
}

/** What is at the path; undefined: nothing, words: something that is left alone, and why. */
async function look(path: string): Promise<FoundEntry | string | undefined> {
  const reading = await readFileOnce(path, { followLinks: false });
  switch (reading.kind) {
    case 'missing':
      return undefined;
    case 'link':
      return inTheWay(path, 'is a symbolic link');
    case 'unreadable':
      return inTheWay(path, reading.problem);
    case 'read':
      return readAutostartEntry(new TextDecoder().decode(reading.bytes));
  }
}

function inTheWay(path: string, why: string): string {
  return `${path} ${why}, so it is left as it is; move it away, and choose again`;
}
