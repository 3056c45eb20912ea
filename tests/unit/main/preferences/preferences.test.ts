import { execFileSync } from 'node:child_process';
import {
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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPreferences } from '../../../../main/preferences/preferences.ts';
import { defaultPreferences } from '../../../../shared/ipc/preferences.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lk-preferences-'));
  file = join(folder, 'preferences.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const onDisk = () => JSON.parse(readFileSync(file, 'utf8'));

describe('what was chosen', () => {
  it('is the defaults at first, without a file', async () => {
    const kept = await openPreferences(folder);
    expect(kept.now()).toEqual(defaultPreferences);
    expect(kept.problems()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is there after a restart, and the rest is as it was', async () => {
    const kept = await openPreferences(folder);
    expect(await kept.change({ theme: 'dark' })).toEqual({ ...defaultPreferences, theme: 'dark' });
    await kept.change({ firstRun: 'done', language: undefined });
    const again = await openPreferences(folder);
    expect(again.now()).toEqual({ ...defaultPreferences, theme: 'dark', firstRun: 'done' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('counts before it is on disk, and is told at once', async () => {
    const kept = await openPreferences(folder);
    const told = vi.fn(() => kept.now().theme);
    const end = kept.onChange(told);
    const changing = kept.change({ theme: 'light' });
    expect(told).toHaveReturnedWith('light');
    await changing;
    end();
    told.mockClear();
    await kept.change({ theme: 'dark' });
    expect(told).not.toHaveBeenCalled();
  });

  it('is all there when many choose at once', async () => {
    const kept = await openPreferences(folder);
    await Promise.all([
      kept.change({ theme: 'light' }),
      kept.change({ language: 'zh-CN' }),
      kept.change({ theme: 'dark' }),
    ]);
    expect(onDisk()).toEqual({ version: 1, ...defaultPreferences, theme: 'dark', language: 'zh-CN' });
    expect(readdirSync(folder)).toEqual(['preferences.json']);
  });

  it('is on disk when closed', async () => {
    const kept = await openPreferences(folder);
    void kept.change({ theme: 'dark' });
    await kept.close();
    expect(onDisk()).toMatchObject({ theme: 'dark' });
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['half of one', '{ "version": 1, "theme": "da', 'does not hold what Lockkeeper writes'],
    ['another thing', '[1]', 'does not hold what Lockkeeper writes'],
    ['no version', '{ "theme": "dark" }', 'does not hold what Lockkeeper writes'],
    ['a newer one', '{ "version": 2, "theme": "dark" }', 'was written by a newer Lockkeeper'],
  ])('counts as none (%s), and is replaced by the next choice', async (_what, text, why) => {
    writeFileSync(file, text);
    const kept = await openPreferences(folder);
    expect(kept.now()).toEqual(defaultPreferences);
    expect(kept.problems()).toEqual([expect.stringContaining(`${file} is not used, since the file ${why}`)]);
    await kept.change({ theme: 'light' });
    expect(kept.problems()).toEqual([]);
    expect((await openPreferences(folder)).now()).toEqual({ ...defaultPreferences, theme: 'light' });
  });

  it('costs only the value that is not known', async () => {
    writeFileSync(file, '{ "version": 1, "theme": "sepia", "language": "zh-CN", "later": true, "constructor": 1 }');
    const kept = await openPreferences(folder);
    expect(kept.now()).toEqual({ ...defaultPreferences, language: 'zh-CN' });
    expect(kept.problems()).toEqual([]);
  });

  it.runIf(process.platform !== 'win32')('is not waited for and not followed', async () => {
    execFileSync('mkfifo', [file]);
    expect((await openPreferences(folder)).problems()).toEqual([expect.stringContaining('a named pipe')]);
    rmSync(file);
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, '{ "version": 1, "theme": "dark" }');
    symlinkSync(elsewhere, file);
    const kept = await openPreferences(folder);
    expect(kept.now()).toEqual(defaultPreferences);
    expect(kept.problems()).toEqual([expect.stringContaining('is a symbolic link')]);
    await kept.change({ theme: 'light' });
    expect(readFileSync(elsewhere, 'utf8')).toContain('dark');
  });
});

describe('where it cannot be written', () => {
  it('counts for this run, and says what to do; then it is written', async () => {
    const kept = await openPreferences(folder);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect(await kept.change({ theme: 'dark' })).toEqual({ ...defaultPreferences, theme: 'dark' });
    expect(kept.now().theme).toBe('dark');
    expect(kept.problems()).toEqual([
      expect.stringContaining(`${file} cannot be written: a file is in the place of a folder`),
    ]);
    await expect(kept.storeAgain()).rejects.toThrow('cannot be written');
    rmSync(folder);
    mkdirSync(folder);
    await kept.storeAgain();
    expect(onDisk()).toMatchObject({ theme: 'dark' });
    expect(kept.problems()).toEqual([]);
  });
});
