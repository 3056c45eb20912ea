import { describe, expect, it } from 'vitest';
import { settingsPlatform } from '../../../../main/settings/platform.ts';

describe('settingsPlatform', () => {
  it('knows the places on Linux', () => {
    const { adminFiles, userFile } = settingsPlatform({ platform: 'linux', env: {}, home: '/home/ada', uid: 1000 });
    expect(adminFiles).toEqual([
      '/etc/lockkeeper/admin-settings.json',
      '/usr/share/docker-desktop/admin-settings.json',
    ]);
    expect(userFile).toBe('/home/ada/.config/lockkeeper/settings.json');
  });

  it('follows XDG_CONFIG_HOME when it is absolute, and ignores it when it is not', () => {
    const userFile = (XDG_CONFIG_HOME: string) =>
      settingsPlatform({ platform: 'linux', env: { XDG_CONFIG_HOME }, home: '/home/ada', uid: 1000 }).userFile;
    expect(userFile('/data/config')).toBe('/data/config/lockkeeper/settings.json');
    expect(userFile('config')).toBe('/home/ada/.config/lockkeeper/settings.json');
    expect(userFile('')).toBe('/home/ada/.config/lockkeeper/settings.json');
  });

  it('knows the places on macOS', () => {
    const { adminFiles, userFile } = settingsPlatform({ platform: 'darwin', env: {}, home: '/Users/ada', uid: 501 });
    expect(adminFiles).toEqual([
      '/Library/Application Support/Lockkeeper/admin-settings.json',
      '/Library/Application Support/com.docker.docker/admin-settings.json',
    ]);
    expect(userFile).toBe('/Users/ada/Library/Application Support/Lockkeeper/settings.json');
  });

  it('knows the places on Windows', () => {
    const env = { PROGRAMDATA: 'D:\\ProgramData', APPDATA: 'D:\\Users\\ada\\Roaming' };
    const { adminFiles, userFile } = settingsPlatform({
      platform: 'win32',
      env,
      home: 'D:\\Users\\ada',
      uid: undefined,
    });
    expect(adminFiles).toEqual([
      'D:\\ProgramData\\Lockkeeper\\admin-settings.json',
      'D:\\ProgramData\\DockerDesktop\\admin-settings.json',
    ]);
    expect(userFile).toBe('D:\\Users\\ada\\Roaming\\Lockkeeper\\settings.json');
    const bare = settingsPlatform({ platform: 'win32', env: {}, home: 'C:\\Users\\ada', uid: undefined });
    expect(bare.adminFiles[0]).toBe('C:\\ProgramData\\Lockkeeper\\admin-settings.json');
    expect(bare.userFile).toBe('C:\\Users\\ada\\AppData\\Roaming\\Lockkeeper\\settings.json');
  });

  it('counts only root as elevated', () => {
    const elevated = (uid: number) => settingsPlatform({ platform: 'linux', env: {}, home: '/root', uid }).elevated;
    expect([elevated(0), elevated(1000)]).toEqual([true, false]);
  });
});
