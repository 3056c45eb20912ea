import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeHalfWritten } from '../../../../main/state/remove-half-written.ts';
import { StateError, stateError } from '../../../../main/state/state-error.ts';
import { stateVersionProblem, writeStateVersion } from '../../../../main/state/state-version.ts';
import { writeAtomically } from '../../../../main/state/write-atomically.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lk-write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('half way, the old content is still there, whole; then the new', async () => {
  const path = join(folder, 'file');
  await writeAtomically(path, 'old');
  await writeAtomically(path, 'new', () => expect(readFileSync(path, 'utf8')).toBe('old'));
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a write that fails leaves nothing of itself', async () => {
  mkdirSync(join(folder, 'file'));
  await expect(writeAtomically(join(folder, 'file'), 'new')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['file']);
});

test('what a crash left half written is removed at the next start, a lock that somebody takes now is not', async () => {
  writeFileSync(join(folder, 'digests.json.new'), '{');
  writeFileSync(join(folder, 'instance-1.draft'), '');
  for (const [name, time] of [
    ['old', 0],
    ['ahead', 4e9],
  ] as const) {
    const draft = join(folder, `instance-${name}.draft`);
    writeFileSync(draft, '');
    utimesSync(draft, time, time);
  }
  writeFileSync(join(folder, 'digests.json'), '{}');
  await removeHalfWritten(folder);
  expect(readdirSync(folder).sort()).toEqual(['digests.json', 'instance-1.draft']);
});

test('a folder is ours, new, or from a newer version', async () => {
  expect(await stateVersionProblem(folder)).toBeUndefined();
  await writeStateVersion(folder);
  expect(await stateVersionProblem(folder)).toBeUndefined();
  writeFileSync(join(folder, 'version'), '2\n');
  expect(await stateVersionProblem(folder)).toContain('was written by a newer Lockkeeper (its version is 2');
  rmSync(join(folder, 'version'));
  mkdirSync(join(folder, 'version'));
  expect(await stateVersionProblem(folder)).toContain('cannot be read');
  expect(existsSync(folder)).toBe(true);
});

test.each([
  ['ENOSPC', 'free space on it'],
  ['EROFS', 'mount it writable'],
  ['EDQUOT', 'free space, or raise it'],
])('%s is told with its remedy', (code, remedy) => {
  const known = stateError('/state', Object.assign(new Error('no'), { code }));
  expect(known).toBeInstanceOf(StateError);
  expect(String(known)).toContain(`/state cannot be written: `);
  expect(String(known)).toContain(remedy);
});

test('what is no failure of the system stays what it is', () => {
  const bug = new TypeError('x');
  expect(stateError('/state', bug)).toBe(bug);
});
