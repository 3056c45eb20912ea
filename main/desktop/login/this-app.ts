import { app } from 'electron';
import { wordsOfOptions } from '../../cli/serve-options.ts';
import type { ServeOptions } from '../../service/service-options.ts';
import type { StartAtLogin } from '../../service/shell.ts';
import { startAtLogin } from './start-at-login.ts';

/** How the system has this very app started at login. */
export function thisAppAtLogin(options: ServeOptions): StartAtLogin | undefined {
  const { platform, execPath, env } = process;
  return startAtLogin({
    platform,
    execPath,
    env,
    home: app.getPath('home'),
    isPackaged: app.isPackaged,
    appPath: app.getAppPath(),
    words: wordsOfOptions(options),
    loginItems: app,
  });
}
