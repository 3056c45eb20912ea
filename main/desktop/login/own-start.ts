import { posix } from 'node:path';

/** The process, as it was started. */
export interface OwnProcess {
  readonly execPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isPackaged: boolean;
  /** The folder of the app; from source the checkout. */
  readonly appPath: string;
}

/** The command that starts this app again, without its own words. */
export function ownStart({ execPath, env, isPackaged, appPath }: OwnProcess): readonly string[] {
  if (isPackaged) return [ownAppImage(execPath, env) ?? execPath];
  // As build/start.mjs does it: the runtime may have to be started through something.
  const { LOCKKEEPER_ELECTRON_LAUNCHER: launcher = '' } = env;
  return [...(launcher === '' ? [] : [launcher]), execPath, appPath];
}

/**
 * The file that an AppImage is: what runs is in a mount of it that is gone at the next login. Both variables are the
 * AppImage runtime's, and pass on to whatever is started from another AppImage.
 */
function ownAppImage(execPath: string, { APPIMAGE, APPDIR }: OwnProcess['env']): string | undefined {
  if (APPIMAGE === undefined || APPDIR === undefined || !posix.isAbsolute(APPIMAGE)) return undefined;
  return execPath.startsWith(`${posix.resolve(APPDIR)}/`) ? APPIMAGE : undefined;
}
