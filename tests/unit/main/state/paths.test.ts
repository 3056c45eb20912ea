import { describe, expect, it } from 'vitest';
import { controlPath, defaultPaths, socketPathProblem } from '../../../../main/state/paths.ts';

describe('defaultPaths', () => {
  const user = { platform: 'linux', env: {}, home: '/home/ada', uid: 1000 } as const;

  it('follow the XDG folders of a user', () => {
    const env = { XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/run/user/1000' };
    expect(defaultPaths({ ...user, env })).toEqual({
      state: '/s/lockkeeper',
      hostGate: '/run/user/1000/lockkeeper/docker.sock',
    });
  });

  it('do without them, and ignore relative ones', () => {
    const expected = {
      state: '/home/ada/.local/state/lockkeeper',
      hostGate: '/home/ada/.local/state/lockkeeper/docker.sock',
    };
    expect(defaultPaths(user)).toEqual(expected);
    expect(defaultPaths({ ...user, env: { XDG_STATE_HOME: 's', XDG_RUNTIME_DIR: '' } })).toEqual(expected);
  });

  it("are root's own for root, whatever sudo kept of the environment", () => {
    const env = { XDG_STATE_HOME: '/home/ada/s', XDG_RUNTIME_DIR: '/run/user/1000' };
    expect(defaultPaths({ ...user, env, uid: 0 })).toEqual({
      state: '/var/lib/lockkeeper',
      hostGate: '/run/lockkeeper/docker.sock',
    });
  });

  it('are where macOS and Windows keep such things', () => {
    expect(defaultPaths({ ...user, platform: 'darwin', home: '/Users/ada' })).toEqual({
      state: '/Users/ada/Library/Application Support/Lockkeeper',
      hostGate: '/Users/ada/Library/Application Support/Lockkeeper/docker.sock',
    });
    const windows = {
      platform: 'win32',
      env: { LOCALAPPDATA: 'D:\\Local' },
      home: 'C:\\Users\\ada',
      uid: undefined,
    } as const;
    expect(defaultPaths(windows)).toEqual({
      state: 'D:\\Local\\Lockkeeper',
      hostGate: '\\\\.\\pipe\\lockkeeper_docker',
    });
    expect(defaultPaths({ ...windows, env: {} }).state).toBe('C:\\Users\\ada\\AppData\\Local\\Lockkeeper');
  });
});

describe('controlPath', () => {
  it('is a socket in the state folder, or a pipe named after it', () => {
    expect(controlPath('/s', 'linux')).toBe('/s/control.sock');
    const pipe = controlPath('C:\\State', 'win32');
    expect(pipe).toMatch(/^\\\\\.\\pipe\\lockkeeper_control_[0-9a-f]{16}$/);
    expect(controlPath('c:\\state\\', 'win32')).toBe(pipe);
    expect(controlPath('C:\\Other', 'win32')).not.toBe(pipe);
  });
});

describe('socketPathProblem', () => {
  it('counts bytes, with the limit of the platform', () => {
    expect(socketPathProblem(`/${'a'.repeat(106)}`, 'linux', 'x')).toBeUndefined();
    expect(socketPathProblem(`/${'a'.repeat(107)}`, 'linux', 'choose a shorter one')).toMatch(
      /has 108 bytes, and a unix socket's may have 107: choose a shorter one$/,
    );
    expect(socketPathProblem(`/${'ä'.repeat(54)}`, 'linux', 'x')).toContain('109 bytes');
    expect(socketPathProblem(`/${'a'.repeat(103)}`, 'darwin', 'x')).toContain('may have 103');
    expect(socketPathProblem('x'.repeat(300), 'win32', 'x')).toBeUndefined();
  });
});
