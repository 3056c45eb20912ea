import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autostartFile, xdgAutostart } from '../../../../../main/desktop/login/xdg-autostart.ts';

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lk-login-'));
  file = autostartFile({}, home);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const words = ['/opt/Lockkeeper/lockkeeper', '--state', '/x'];
const here = () => xdgAutostart(file, words);
const folder = () => join(home, '.config', 'autostart');

it('is where desktops look', () => {
  expect(file).toBe(join(folder(), 'lockkeeper.desktop'));
  expect(autostartFile({ XDG_CONFIG_HOME: '/c' }, home)).toBe('/c/autostart/lockkeeper.desktop');
  expect(autostartFile({ XDG_CONFIG_HOME: 'c' }, home)).toBe(file);
});

describe('starting at login', () => {
  it('is off at first, then on and off again as chosen, and leaves nothing', async () => {
    expect(await here().isOn()).toBe(false);
    expect(await here().set(true)).toBeUndefined();
    expect(await here().isOn()).toBe(true);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder())).toEqual(['lockkeeper.desktop']);
    expect(await here().set(false)).toBeUndefined();
    expect(await here().isOn()).toBe(false);
    expect(readdirSync(folder())).toEqual([]);
    expect(await here().set(false)).toBeUndefined();
  });

  it('is off when the user has removed the entry or switched it off, and on again when chosen', async () => {
    await here().set(true);
    rmSync(file);
    expect(await here().isOn()).toBe(false);
    await here().set(true);
    writeFileSync(file, `${readFileSync(file, 'utf8')}Hidden=true\n`);
    expect(await here().isOn()).toBe(false);
    await here().set(true);
    expect(await here().isOn()).toBe(true);
  });

  it('renews an entry of ours that starts the app elsewhere', async () => {
    await xdgAutostart(file, ['/old/Lockkeeper.AppImage']).set(true);
    expect(await here().isOn()).toBe(false);
    expect(await here().set(true)).toBeUndefined();
    expect(await here().isOn()).toBe(true);
  });

  it.each([true, false])('neither overwrites nor removes an entry that is not ours (on: %j)', async (on) => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(file, '[Desktop Entry]\nExec=mine\n');
    expect(await here().set(on)).toBe(
      `${file} was not made by Lockkeeper, so it is left as it is; move it away, and choose again`,
    );
    expect(readFileSync(file, 'utf8')).toBe('[Desktop Entry]\nExec=mine\n');
  });

  it.each([true, false])('follows no link, not even to an entry of ours (on: %j)', async (on) => {
    const target = join(home, 'elsewhere');
    await xdgAutostart(target, words).set(true);
    const text = readFileSync(target, 'utf8');
    mkdirSync(folder(), { recursive: true });
    symlinkSync(target, file);
    expect(await here().isOn()).toBe(false);
    expect(await here().set(on)).toContain('is a symbolic link');
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe(text);
  });

  it('does not follow a link in the place of the file that it writes first', async () => {
    mkdirSync(folder(), { recursive: true });
    symlinkSync(join(home, 'elsewhere'), `${file}.new`);
    expect(await here().set(true)).toBeUndefined();
    expect(existsSync(join(home, 'elsewhere'))).toBe(false);
  });

  it('says what keeps it from being written', async () => {
    mkdirSync(join(home, '.config'));
    writeFileSync(folder(), '');
    expect(await here().isOn()).toBe(false);
    expect(await here().set(true)).toMatch(
      /lockkeeper\.desktop cannot be reached: something on the way .* not a folder/,
    );
    rmSync(folder());
    mkdirSync(file, { recursive: true });
    expect(await here().set(true)).toContain('is a folder, not a regular file');
  });

  it('says what keeps it from being replaced, and leaves it as it is', async () => {
    await here().set(true);
    const text = readFileSync(file, 'utf8');
    mkdirSync(join(`${file}.new`, 'in-the-way'), { recursive: true });
    expect(await xdgAutostart(file, ['/y']).set(true)).toContain(`${file} cannot be written: `);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
