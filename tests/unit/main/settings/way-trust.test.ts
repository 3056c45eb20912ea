import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EntryStats, type Look, posixWayTrust } from '../../../../main/settings/way-trust.ts';
import { temporaryFolder } from './temporary-folder.ts';

const DIRECTORY = 0o40000;
const LINK = 0o120000;

/** A file system of the test's own: what each path is, and where links lead. */
type Tree = Readonly<Record<string, readonly [mode: number, uid: number, gid?: number, target?: string]>>;

function looking(tree: Tree): Look {
  const found = (path: string) => {
    const entry = tree[path];
    if (entry === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return entry;
  };
  return {
    lstat: async (path): Promise<EntryStats> => {
      const [mode, uid, gid = 0] = found(path);
      return { mode: BigInt(mode), uid: BigInt(uid), gid: BigInt(gid), isSymbolicLink: () => (mode & LINK) === LINK };
    },
    readlink: async (path) => found(path)[3] ?? '',
  };
}

const folder = (mode: number, uid = 0, gid = 0) => [DIRECTORY | mode, uid, gid] as const;
const link = (target: string, uid = 0) => [LINK | 0o777, uid, 0, target] as const;

const system: Tree = {
  '/': folder(0o755),
  '/etc': folder(0o755),
  '/etc/lockkeeper': folder(0o755),
  '/home': folder(0o755),
  '/home/ada': folder(0o750, 1000, 1000),
  '/home/ada/c': folder(0o755, 1000, 1000),
  '/tmp': folder(0o1777),
  '/tmp/mine': folder(0o700, 1000, 1000),
  '/tmp/theirs': folder(0o755, 1001, 1001),
  '/tmp/my-link': link('/home/ada', 1000),
  '/tmp/their-link': link('/home/ada', 1001),
  '/open': folder(0o777),
  '/open/inner': folder(0o755),
  '/staff': folder(0o2775, 0, 50),
  '/staff/inner': folder(0o755),
  '/run': link('var/../open'),
  '/data': link('/open/inner'),
  '/loop': link('/loop'),
  '/var': folder(0o755),
};

const ada = posixWayTrust(1000, { look: looking(system) });
const open = (path: string) =>
  `the folder ${path} has mode 0777, so that others than its owner can write to it (chmod go-w ${path})`;

describe('posixWayTrust', () => {
  it.each([
    '/x.json',
    '/etc/lockkeeper/admin-settings.json',
    '/etc/none/admin-settings.json',
    '/etc/./lockkeeper//x.json',
    '/tmp/none.json',
  ])('trusts the way to %s, for everybody', async (path) => {
    expect(await ada(path, 'administrator')).toBeUndefined();
    expect(await ada(path, 'user')).toBeUndefined();
  });

  it.each(['/home/ada/settings.json', '/home/ada/c/settings.json', '/tmp/mine/x.json', '/tmp/my-link/c/x.json'])(
    'trusts the way to %s for the user, but not for the administrator',
    async (path) => {
      expect(await ada(path, 'user')).toBeUndefined();
      expect(await ada(path, 'either')).toBeUndefined();
      expect(await ada(path, 'administrator')).toMatch(/is owned by user 1000, but must be owned by root \(chown/);
    },
  );

  it.each([
    ['a folder that everybody may write to', '/open/x.json', open('/open')],
    ['such a folder higher up', '/open/inner/x.json', open('/open')],
    ['such a folder behind a link', '/data/x.json', open('/open')],
    ['such a folder behind a relative link with ..', '/run/inner/x.json', open('/open')],
    ['such a folder by ..', '/etc/../open/x.json', open('/open')],
    [
      'a folder of a group',
      '/staff/inner/x.json',
      'the folder /staff has mode 2775, so that others than its owner can write to it (chmod go-w /staff)',
    ],
    [
      "somebody else's folder in a folder with the sticky bit",
      '/tmp/theirs/x.json',
      'the folder /tmp/theirs is owned by user 1001, but must be owned by root or user 1000 (chown 0 /tmp/theirs)',
    ],
    [
      "somebody else's link in a folder with the sticky bit",
      '/tmp/their-link/x.json',
      'the link /tmp/their-link is owned by user 1001, but must be owned by root or user 1000 (chown -h 0 /tmp/their-link)',
    ],
    ['links in a circle', '/loop/x.json', 'there are too many links on the way to it'],
  ])('does not trust %s', async (_what, path, doubt) => {
    expect(await ada(path, 'user')).toBe(doubt);
  });

  it('does not trust a root folder that anybody may write to', async () => {
    const way = posixWayTrust(0, { look: looking({ '/': folder(0o777) }) });
    expect(await way('/x.json', 'administrator')).toBe(open('/'));
  });

  it('does not trust what it may not look at', async () => {
    const look = {
      ...looking(system),
      lstat: () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })),
    };
    const doubt = 'the way to it could not be looked at (EACCES)';
    expect(await posixWayTrust(1000, { look })('/etc/x.json', 'user')).toBe(doubt);
  });

  it('trusts groups of administrators with folders, where there are such groups', async () => {
    const look = looking({
      '/': folder(0o755),
      '/Library': folder(0o775, 0, 80),
      '/Library/x': folder(0o775, 0, 20),
      '/Library/y': folder(0o777, 0, 80),
    });
    const way = posixWayTrust(501, { look, trustedGroups: [0, 80] });
    expect(await way('/Library/admin-settings.json', 'administrator')).toBeUndefined();
    expect(await way('/Library/x/admin-settings.json', 'administrator')).toContain('/Library/x has mode 0775');
    expect(await way('/Library/y/admin-settings.json', 'administrator')).toContain('/Library/y has mode 0777');
  });

  it('looks at the real file system', async () => {
    const me = process.getuid?.() ?? -1;
    const root = temporaryFolder();
    const file = join(root, 'a', 'b', 'x.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    symlinkSync('a/b', join(root, 'link'));
    expect(await posixWayTrust(me)(join(root, 'link', 'x.json'), 'user')).toBeUndefined();
    chmodSync(join(root, 'a'), 0o775);
    expect(await posixWayTrust(me)(join(root, 'link', 'x.json'), 'user')).toContain(`${root}/a has mode 0775`);
    chmodSync(join(root, 'a'), 0o1777);
    expect(await posixWayTrust(me)(join(root, 'link', 'x.json'), 'user')).toBeUndefined();
  });

  it.runIf(process.getuid?.() === 0)('looks at the real owner', async () => {
    const root = temporaryFolder();
    chownSync(root, 1234, 1234);
    expect(await posixWayTrust(1234)(join(root, 'x.json'), 'user')).toBeUndefined();
    expect(await posixWayTrust(1234)(join(root, 'x.json'), 'administrator')).toContain('is owned by user 1234');
    expect(await posixWayTrust(1000)(join(root, 'x.json'), 'user')).toContain('is owned by user 1234');
  });
});
