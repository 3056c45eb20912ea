import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { distrust, windowsTrust } from '../../../../main/settings/windows-trust.ts';

const user = 'S-1-5-21-1-2-3-1001';
const admins = 'O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;BU)';

describe('distrust', () => {
  it('trusts what only administrators can write to', () => {
    expect(distrust({ sddl: admins, user }, 'administrator')).toBeUndefined();
    expect(distrust({ sddl: `${admins}S:AI(AU;SAFA;FA;;;WD)`, user }, 'administrator')).toBeUndefined();
  });

  it.each([
    ['full access', '(A;;FA;;;BU)', 'BU'],
    ['inherited full access', '(A;ID;FA;;;AU)', 'AU'],
    ['modify, as a number', '(A;;0x1301bf;;;BU)', 'BU'],
    ['generic write, as a number', '(A;;0x40000000;;;WD)', 'WD'],
    ['generic all, as a number', '(A;;0x10000000;;;WD)', 'WD'],
    ['taking ownership', '(A;;WO;;;BU)', 'BU'],
    ['changing permissions', '(A;;RCWD;;;BU)', 'BU'],
    ['an object entry', '(OA;;FA;;;BU)', 'BU'],
    ['its own user', `(A;;FA;;;${user})`, user],
  ])('refuses a file on which others have %s', (_what, entry, who) => {
    expect(distrust({ sddl: `${admins}${entry}`, user }, 'administrator')).toBe(
      `can be written to by ${who}; take that permission away`,
    );
  });

  it('passes over entries that deny and entries for what is made inside', () => {
    expect(distrust({ sddl: `${admins}(D;;FA;;;BU)(A;OICIIO;FA;;;BU)`, user }, 'administrator')).toBeUndefined();
  });

  it('wants the owner that the place calls for', () => {
    const mine = `O:${user}G:${user}D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;${user})`;
    expect(distrust({ sddl: mine, user }, 'user')).toBeUndefined();
    expect(distrust({ sddl: mine, user }, 'either')).toBeUndefined();
    expect(distrust({ sddl: mine, user }, 'administrator')).toBe(
      `is owned by ${user}, but must be owned by the Administrators group`,
    );
    expect(distrust({ sddl: mine, user: 'S-1-5-21-1-2-3-1002' }, 'user')).toBe(
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
  ])('refuses what it cannot understand: %j', (sddl) => {
    expect(distrust({ sddl, user }, 'administrator')).toBe(
      'cannot be trusted, since it has no access list that could be understood',
    );
  });
});

describe('windowsTrust', () => {
  it('asks for the access list of the path, and refuses when it gets none', async () => {
    const stats = await stat('.', { bigint: true });
    const asked: string[] = [];
    const trust = windowsTrust(async (path) => {
      asked.push(path);
      return { sddl: admins, user };
    });
    expect(await trust('C:\\x.json', stats, 'administrator')).toBeUndefined();
    expect(asked).toEqual(['C:\\x.json']);
    const failing = windowsTrust(() => Promise.reject(new Error('no powershell')));
    expect(await failing('C:\\x.json', stats, 'administrator')).toBe(
      'cannot be trusted, since its permissions could not be read',
    );
  });
});
