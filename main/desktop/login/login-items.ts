import type { StartAtLogin } from '../../service/shell.ts';

/** How Electron's `app` reaches the login items of macOS and the Run keys of Windows. */
export interface LoginItems {
  getLoginItemSettings(of?: LoginCommand): {
    readonly openAtLogin: boolean;
    /** Windows: neither is it switched off in the Task Manager. */
    readonly executableWillLaunchAtLogin?: boolean;
  };
  setLoginItemSettings(settings: LoginCommand & { openAtLogin: boolean; enabled?: boolean }): void;
}

/** What is started; macOS always starts the app itself, without any words. */
export interface LoginCommand {
  path?: string;
  args?: string[];
}

/** Switches the app on in the system's list, and reads back what became of it: users and administrators decide there. */
export function loginItems(app: LoginItems, platform: 'darwin' | 'win32', words: readonly string[]): StartAtLogin {
  const command = platform === 'win32' ? windowsCommand(words) : {};
  const isOn = () => {
    const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings(command);
    return openAtLogin && (platform !== 'win32' || executableWillLaunchAtLogin !== false);
  };
  return {
    isOn: async () => isOn(),
    async set(wanted) {
      // `enabled` takes back what the Task Manager was told.
      const enabled = platform === 'win32' ? { enabled: wanted } : {};
      app.setLoginItemSettings({ ...command, openAtLogin: wanted, ...enabled });
      return isOn() === wanted ? undefined : `the system did not take it: look at ${PLACES[platform]}`;
    },
  };
}

const PLACES = {
  darwin: 'System Settings, General, Login Items',
  win32: 'Settings, Apps, Startup',
} as const;

/** Electron quotes the program and puts the words behind it as they are: they are quoted here. */
function windowsCommand([program = '', ...words]: readonly string[]): LoginCommand {
  return { path: program, args: words.map(windowsQuoted) };
}

/** As CommandLineToArgvW takes it apart: backslashes are doubled where a quote follows, and nowhere else. */
function windowsQuoted(word: string): string {
  if (word !== '' && !/[\s"]/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}
