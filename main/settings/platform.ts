import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, posix, win32 } from 'node:path';
import { posixTrust, type Trust } from './trust.ts';
import { posixWayTrust, type WayTrust } from './way-trust.ts';
import { windowsTrust, windowsWayTrust } from './windows-trust.ts';

/** Where settings files are on a platform, and whom it has to trust about them. */
export interface SettingsPlatform {
  /** Absolute paths; the first that exists is the administrator's file. */
  readonly adminFiles: readonly string[];
  readonly userFile: string;
  readonly trust: Trust;
  readonly wayTrust: WayTrust;
  /** Whether we were started by the administrator, whom no lock binds. */
  readonly elevated: boolean;
}

export interface PlatformFacts {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Home folder of the user who runs us. */
  readonly home: string;
  /** Numeric ID of that user; Windows has none. */
  readonly uid: number | undefined;
}

/** The groups wheel and admin: some folders of macOS are theirs, and their members may become root anyway. */
const MACOS_ADMINISTRATORS = [0, 80];

/** Lockkeeper's own place comes first, then Docker Desktop's, whose file can be used as it is. */
export function settingsPlatform({ platform, env, home, uid }: PlatformFacts): SettingsPlatform {
  if (platform === 'win32') {
    const programData = absoluteOr(win32, env.PROGRAMDATA, 'C:\\ProgramData');
    const roaming = absoluteOr(win32, env.APPDATA, win32.join(home, 'AppData', 'Roaming'));
    return {
      adminFiles: ['Lockkeeper', 'DockerDesktop'].map((app) => win32.join(programData, app, 'admin-settings.json')),
      userFile: win32.join(roaming, 'Lockkeeper', 'settings.json'),
      trust: windowsTrust(),
      wayTrust: windowsWayTrust(),
      elevated: false,
    };
  }
  const user = uid ?? -1;
  const shared = { trust: posixTrust(user), elevated: uid === 0 };
  if (platform === 'darwin') {
    return {
      adminFiles: [
        '/Library/Application Support/Lockkeeper/admin-settings.json',
        '/Library/Application Support/com.docker.docker/admin-settings.json',
      ],
      userFile: posix.join(home, 'Library', 'Application Support', 'Lockkeeper', 'settings.json'),
      wayTrust: posixWayTrust(user, { trustedGroups: MACOS_ADMINISTRATORS }),
      ...shared,
    };
  }
  const config = absoluteOr(posix, env.XDG_CONFIG_HOME, posix.join(home, '.config'));
  return {
    adminFiles: ['/etc/lockkeeper/admin-settings.json', '/usr/share/docker-desktop/admin-settings.json'],
    userFile: posix.join(config, 'lockkeeper', 'settings.json'),
    wayTrust: posixWayTrust(user),
    ...shared,
  };
}

/** The platform that this process runs on, for the user who runs it. */
export function thisPlatform(): SettingsPlatform {
  const { platform, env } = process;
  return settingsPlatform({ platform, env, home: homedir(), uid: process.getuid?.() });
}

/** The folders of its files; what `--settings` names lies anywhere and is not among them. */
export function settingsFolders({ adminFiles, userFile }: SettingsPlatform): readonly string[] {
  return [...adminFiles, userFile].map((file) => file.replace(/[\\/][^\\/]*$/, ''));
}

/**
 * Makes the folder of the user's file: one that is there is covered in containers that mount a folder above it, and one
 * that is not they could make themselves. Where it cannot be made, they cannot do it as this user either.
 */
export async function makeUserFolder({ userFile }: SettingsPlatform): Promise<void> {
  await mkdir(dirname(userFile), { recursive: true, mode: 0o700 }).catch(() => undefined);
}

/** The XDG base directory specification has relative paths ignored; a relative one would depend on where we start. */
function absoluteOr(path: typeof posix, candidate: string | undefined, fallback: string): string {
  return candidate !== undefined && path.isAbsolute(candidate) ? candidate : fallback;
}
