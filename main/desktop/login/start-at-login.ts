import type { StartAtLogin } from '../../service/shell.ts';
import { type LoginItems, loginItems } from './login-items.ts';
import { type OwnProcess, ownStart } from './own-start.ts';
import { autostartFile, xdgAutostart } from './xdg-autostart.ts';

export interface LoginSurroundings extends OwnProcess {
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly home: string;
  /** What the command line says of the service, as words that do not depend on the working folder. */
  readonly words: readonly string[];
  readonly loginItems: LoginItems;
}

/** How the system has this app started at login, with the same words; undefined where it cannot. */
export function startAtLogin(here: LoginSurroundings): StartAtLogin | undefined {
  const { platform, env, home, words, isPackaged } = here;
  const command = [...ownStart(here), ...words];
  switch (platform) {
    case 'win32':
      return loginItems(here.loginItems, platform, command);
    case 'darwin':
      // A login item of macOS is an app without words: any other start would be another Lockkeeper.
      return isPackaged && words.length === 0 ? loginItems(here.loginItems, platform, command) : undefined;
    case 'linux':
      return xdgAutostart(autostartFile(env, home), command);
    default:
      return undefined;
  }
}
