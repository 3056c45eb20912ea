import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MISSING, type ReadAccess, windowsTrust, windowsWayTrust } from '../../../../main/settings/windows-trust.ts';

const user = 'S-1-5-21-1-2-3-1001';
const admins = 'O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;BU)';
const FILE = 'C:\\ProgramData\\Lockkeeper\\admin-settings.json';
/** As a new Windows has them: everybody may make files in ProgramData, and folders in C:\. */
const drive =
  'O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:SYD:PAI(A;;LC;;;AU)(A;OICIIO;SDGXGWGR;;;AU)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)';
const programData =
  'O:SYG:SYD:PAI(A;OICIIO;GA;;;CO)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;CI;DCLCRPCR;;;BU)(A;OICI;0x1200a9;;;BU)';
const lockkeeper = 'O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;CIID;DCLCRPCR;;;BU)(A;OICIID;0x1200a9;;;BU)';

const failing: ReadAccess = () => Promise.reject(new Error('no powershell'));

async function doubt(sddl: string, owner: 'administrator' | 'user' | 'either' = 'administrator', who = user) {
  const stats = await stat('.', { bigint: true });
  return windowsTrust(async () => ({ sddls: [sddl], user: who }))(FILE, stats, owner);
}

describe('windowsTrust', () => {
  it('trusts what only administrators can write to', async () => {
    expect(await doubt(admins)).toBeUndefined();
    expect(await doubt(`${admins}S:AI(AU;SAFA;FA;;;WD)`)).toBeUndefined();
  });

  it.each([
    ['full access', '(A;;FA;;;BU)', 'BU'],
    ['inherited full access', '(A;ID;FA;;;AU)', 'AU'],
    ['modify, as a number', '(A;;0x1301bf;;;BU)', 'BU'],
    ['generic write, as a number', '(A;;0x40000000;;;WD)', 'WD'],
    ['generic all, as a number', '(A;;0x10000000;;;WD)', 'WD'],
    ['taking ownership', '(A;;WO;;;BU)', 'BU'],
    ['changing permissions', '(A;;RCWD;;;BU)', 'BU'],
    ['writing, by the letters of its bits', '(A;;CCDC;;;BU)', 'BU'],
    ['appending, by the letters of its bit', '(A;;LC;;;BU)', 'BU'],
    ['rights that nobody knows', '(A;;ZZ;;;BU)', 'BU'],
    ['an object entry', '(OA;;FA;;;BU)', 'BU'],
    ['its own user', `(A;;FA;;;${user})`, user],
  ])('refuses a file on which others have %s', async (_what, entry, who) => {
    expect(await doubt(`${admins}${entry}`)).toBe(`can be changed by ${who}; take that permission away`);
  });

  it('passes over entries that deny, that only read, and entries for what is made inside', async () => {
    expect(await doubt(`${admins}(D;;FA;;;BU)(A;OICIIO;FA;;;BU)(A;;FR;;;WD)(A;;CCSWWPLORC;;;AU)`)).toBeUndefined();
  });

  it('wants the owner that the place calls for', async () => {
    const mine = `O:${user}G:${user}D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;${user})`;
    expect(await doubt(mine, 'user')).toBeUndefined();
    expect(await doubt(mine, 'either')).toBeUndefined();
    expect(await doubt(mine)).toBe(`is owned by ${user}, but must be owned by the Administrators group`);
    expect(await doubt(mine, 'user', 'S-1-5-21-1-2-3-1002')).toBe(
      `is owned by ${user}, but must be owned by you or the Administrators group`,
    );
  });

  it.each([
    '',
    'nonsense',
    'O:BAG:SY',
    'O:BAG:SYD:NO_ACCESS_CONTROL',
    'O:BAG:SYD:',
    'D:(A;;FA;;;BA)',
    `${admins}(XA;;FA;;;BU;(Title=="PM"))`,
  ])('refuses what it cannot understand: %j', async (sddl) => {
    expect(await doubt(sddl)).toBe('cannot be trusted, since it has no access list that could be understood');
  });

  it('asks for the access list of the path, and refuses when it gets none', async () => {
    const stats = await stat('.', { bigint: true });
    const asked: (readonly string[])[] = [];
    const trust = windowsTrust(async (paths) => {
      asked.push(paths);
      return { sddls: [admins], user };
    });
    expect(await trust(FILE, stats, 'administrator')).toBeUndefined();
    expect(asked).toEqual([[FILE]]);
    const words = 'cannot be trusted, since its permissions could not be read';
    expect(await windowsTrust(failing)(FILE, stats, 'administrator')).toBe(words);
  });
});

describe('windowsWayTrust', () => {
  const way = (...sddls: readonly string[]) => windowsWayTrust(async () => ({ sddls, user }))(FILE, 'administrator');

  it('asks once, for every folder from the drive on', async () => {
    const asked: (readonly string[])[] = [];
    const trust = windowsWayTrust(async (paths) => {
      asked.push(paths);
      return { sddls: paths.map(() => admins), user };
    });
    expect(await trust(FILE, 'administrator')).toBeUndefined();
    expect(asked).toEqual([['C:\\', 'C:\\ProgramData', 'C:\\ProgramData\\Lockkeeper']]);
  });

  it('trusts the folders of a new Windows, in which others may only make files of their own', async () => {
    expect(await way(drive, programData, lockkeeper)).toBeUndefined();
    expect(await way(drive, programData, MISSING)).toBeUndefined();
  });

  it.each([
    ['delete what is in it', '(A;;DT;;;BU)'],
    ['delete it', '(A;;SD;;;BU)'],
    ['change its permissions', '(A;;WD;;;BU)'],
    ['change everything', '(A;OICI;FA;;;BU)'],
    ['modify it', '(A;;0x1301ff;;;BU)'],
  ])('does not trust a folder when others may %s', async (_what, entry) => {
    expect(await way(drive, programData, `${lockkeeper}${entry}`)).toBe(
      'the folder C:\\ProgramData\\Lockkeeper can be changed by BU; take that permission away',
    );
  });

  it('does not trust a folder that a user made before the administrator did', async () => {
    expect(await way(drive, programData, lockkeeper.replace('O:BA', `O:${user}`))).toBe(
      `the folder C:\\ProgramData\\Lockkeeper is owned by ${user}, but must be owned by the Administrators group`,
    );
  });

  it('does not trust what it got no answer about', async () => {
    const doubt = 'the folder C:\\ cannot be trusted, since its permissions could not be read';
    expect(await windowsWayTrust(failing)(FILE, 'administrator')).toBe(doubt);
    expect(await way(drive)).toContain('the folder C:\\ProgramData cannot be trusted');
  });
});
