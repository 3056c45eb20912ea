import { describe, expect, it } from 'vitest';
import type { LoginCommand, LoginItems } from '../../../../../main/desktop/login/login-items.ts';
import { ownStart } from '../../../../../main/desktop/login/own-start.ts';
import { type LoginSurroundings, startAtLogin } from '../../../../../main/desktop/login/start-at-login.ts';

/** The system's list, as Electron reaches it; `refuses`: it stays as it is. */
function fakeItems({ refuses = false, isDisabled = false } = {}) {
  const asked: (LoginCommand | undefined)[] = [];
  const set: object[] = [];
  let isOn = false;
  const items: LoginItems = {
    getLoginItemSettings(of) {
      asked.push(of);
      return { openAtLogin: isOn, executableWillLaunchAtLogin: isOn && !isDisabled };
    },
    setLoginItemSettings(settings) {
      set.push(settings);
      if (!refuses) isOn = settings.openAtLogin;
    },
  };
  return { items, asked, set };
}

const surroundings = (more: Partial<LoginSurroundings>): LoginSurroundings => ({
  platform: 'linux',
  execPath: '/opt/Lockkeeper/lockkeeper',
  env: {},
  isPackaged: true,
  appPath: '/src/lockkeeper',
  home: '/home/me',
  words: [],
  loginItems: fakeItems().items,
  ...more,
});

describe('the command that starts the app again', () => {
  const packaged = surroundings({});
  const mounted = { APPIMAGE: '/home/me/Lockkeeper.AppImage', APPDIR: '/tmp/.mount_Lock' };
  it.each([
    ['a package', packaged, ['/opt/Lockkeeper/lockkeeper']],
    ['an AppImage', { ...packaged, execPath: '/tmp/.mount_Lock/lockkeeper', env: mounted }, [mounted.APPIMAGE]],
    ['a package that an AppImage has started', { ...packaged, env: mounted }, ['/opt/Lockkeeper/lockkeeper']],
    ['a checkout', { ...packaged, isPackaged: false }, ['/opt/Lockkeeper/lockkeeper', '/src/lockkeeper']],
    [
      'a checkout with a launcher',
      { ...packaged, isPackaged: false, env: { LOCKKEEPER_ELECTRON_LAUNCHER: '/l' } },
      ['/l', '/opt/Lockkeeper/lockkeeper', '/src/lockkeeper'],
    ],
  ])('is of %s', (_what, process, words) => expect(ownStart(process)).toEqual(words));
});

describe('login items', () => {
  it('are the app itself on macOS, with nothing to say', async () => {
    const { items, asked, set } = fakeItems();
    const atLogin = startAtLogin(surroundings({ platform: 'darwin', loginItems: items }));
    expect(await atLogin?.set(true)).toBeUndefined();
    expect(await atLogin?.isOn()).toBe(true);
    expect(set).toEqual([{ openAtLogin: true }]);
    expect(asked).toEqual([{}, {}]);
  });

  it('are not offered on macOS where they would start something else', () => {
    expect(startAtLogin(surroundings({ platform: 'darwin', words: ['--state', '/x'] }))).toBeUndefined();
    expect(startAtLogin(surroundings({ platform: 'darwin', isPackaged: false }))).toBeUndefined();
    expect(startAtLogin(surroundings({ platform: 'freebsd' }))).toBeUndefined();
  });

  it('have quoted words on Windows, when they are asked for, too', async () => {
    const { items, asked, set } = fakeItems();
    const words = ['--state', 'C:\\my state\\', '--settings', 'C:\\a"b', '--host-gate', '\\\\.\\pipe\\x'];
    const execPath = 'C:\\Program Files\\Lockkeeper\\Lockkeeper.exe';
    const atLogin = startAtLogin(surroundings({ platform: 'win32', execPath, words, loginItems: items }));
    expect(await atLogin?.set(true)).toBeUndefined();
    const args = ['--state', '"C:\\my state\\\\"', '--settings', '"C:\\a\\"b"', '--host-gate', '\\\\.\\pipe\\x'];
    expect(set).toEqual([{ path: execPath, args, openAtLogin: true, enabled: true }]);
    expect(asked).toEqual([{ path: execPath, args }]);
  });

  it('name the checkout on Windows', async () => {
    const { items, set } = fakeItems();
    const checkout = { platform: 'win32', isPackaged: false, appPath: 'C:\\a b', loginItems: items } as const;
    await startAtLogin(surroundings(checkout))?.set(true);
    expect(set).toEqual([expect.objectContaining({ args: ['"C:\\a b"'] })]);
  });

  it('are off when they are off in the Task Manager', async () => {
    const { items } = fakeItems({ isDisabled: true });
    const atLogin = startAtLogin(surroundings({ platform: 'win32', loginItems: items }));
    expect(await atLogin?.set(true)).toBe('the system did not take it: look at Settings, Apps, Startup');
    expect(await atLogin?.isOn()).toBe(false);
  });

  it('say so when the system does not take it', async () => {
    const { items } = fakeItems({ refuses: true });
    const atLogin = startAtLogin(surroundings({ platform: 'darwin', loginItems: items }));
    expect(await atLogin?.set(true)).toContain('look at System Settings, General, Login Items');
  });
});
