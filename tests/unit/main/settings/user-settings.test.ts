import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { userSettings } from '../../../../main/settings/user-settings.ts';
import { type Machine, machine, put, remove } from './settings-folder.ts';

const bytes = new TextEncoder().encode('{"theirs": false}');

it.each<[string, (on: Machine) => void, (on: Machine) => void]>([
  ['was written to', (on) => put(on.user, '{}'), (on) => put(on.user, '{"mine": true}')],
  ['was made', () => undefined, (on) => put(on.user, '{"mine": true}')],
  ['was removed', (on) => put(on.user, '{}'), (on) => remove(on.user)],
])('a settings file that %s at the last moment is not written over', async (_, before, meanwhile) => {
  const on = machine();
  before(on);
  const user = userSettings({
    platform: on.platform,
    settingsFile: undefined,
    reached: (step) => step === 'settings-half-written' && meanwhile(on),
  });
  const looked = await user.look();
  if (looked.kind !== 'open') throw new Error(looked.kind);
  expect(await user.write(looked, bytes)).toMatchObject({ ok: false, why: 'outdated' });
  const left = readdirSync(dirname(on.user));
  expect(left).toEqual(left.length === 0 ? [] : ['settings.json']);
  if (left.length > 0) expect(readFileSync(on.user, 'utf8')).toBe('{"mine": true}');
});
