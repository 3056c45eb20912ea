import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPolicySource } from '../../../../main/settings/settings.ts';
import { builtInValues } from '../../../../shared/policy/builtin-values.ts';
import { imagesIn, machine, put, remove, settingsText } from './settings-folder.ts';

const one = settingsText({ images: ['docker:cli'] });
const two = settingsText({ images: ['docker:dind'] });

function change(file: string, from: string, to: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

describe('the last good policy', () => {
  const record = (stateFolder: string) => join(stateFolder, 'last-good-policy.json');

  it('is for nobody else to read, and leaves no half-written file', async () => {
    const { admin, stateFolder, open } = machine();
    put(admin, one);
    await open();
    expect(statSync(record(stateFolder)).mode & 0o777).toBe(0o600);
    expect(statSync(stateFolder).mode & 0o777).toBe(0o700);
    expect(() => statSync(`${record(stateFolder)}.new`)).toThrow('ENOENT');
  });

  it('survives a temporary file that a crash left behind', async () => {
    const { admin, stateFolder, open } = machine();
    put(admin, one);
    mkdirSync(stateFolder);
    writeFileSync(`${record(stateFolder)}.new`, 'half');
    const source = await open();
    expect(source.state()).toMatchObject({ kind: 'effective', warnings: [] });
    put(admin, '{');
    expect(imagesIn((await open()).state())).toEqual({ images: ['docker:cli'], from: admin });
  });

  const damaged = 'is damaged or of another version, and does not count.';
  it.each([
    ['is empty', (file: string) => writeFileSync(file, ''), damaged],
    ['is cut off', (file: string) => truncateSync(file, 100), damaged],
    ['is no JSON', (file: string) => writeFileSync(file, '{'), damaged],
    ['is of another shape', (file: string) => writeFileSync(file, '{"version": 1}'), damaged],
    ['is of a later version', (file: string) => change(file, '"version":1', '"version":2'), damaged],
    ['has a value that is none', (file: string) => change(file, '"docker:cli"', '"docker:"'), damaged],
    [
      'was loosened',
      (file: string) => chmodSync(file, 0o666),
      'cannot be used. The file has mode 0666, so that others than its owner can write to it (chmod go-w FILE).',
    ],
    [
      'was made a link',
      (file: string) => {
        put(`${file}.real`, '{}');
        remove(file);
        symlinkSync(`${file}.real`, file);
      },
      'cannot be used. The file is a symbolic link, whose target can be changed by others; put the file itself there.',
    ],
  ])('does not count when its record %s, and says so', async (_what, spoil, says) => {
    const { admin, stateFolder, open } = machine();
    put(admin, one);
    (await open()).close();
    const file = record(stateFolder);
    spoil(file);
    put(admin, '{');
    const state = (await open()).state();
    expect(state.kind).toBe('closed');
    expect(state.problems.map((problem) => problem.file)).toEqual([admin, file]);
    expect(state.problems[1]?.text.replaceAll(file, 'FILE')).toBe(`The last good policy, which is kept here, ${says}`);
  });

  it('replaces a damaged record without a word when the settings are good', async () => {
    const { admin, stateFolder, open } = machine();
    put(record(stateFolder), '{');
    put(admin, one);
    const source = await open();
    expect(source.state()).toMatchObject({ kind: 'effective', problems: [], warnings: [] });
    put(admin, '{');
    expect(imagesIn((await open()).state())).toEqual({ images: ['docker:cli'], from: admin });
  });

  it('of a version that knew fewer settings counts, with the built-in values for the others', async () => {
    const { admin, stateFolder, open } = machine();
    put(admin, one);
    (await open()).close();
    const file = record(stateFolder);
    const { values, origins, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    const later = ['lockkeeper.audit.path', 'lockkeeper.audit.maxMegabytes'];
    const without = (all: object) => Object.fromEntries(Object.entries(all).filter(([path]) => !later.includes(path)));
    writeFileSync(file, JSON.stringify({ ...rest, values: without(values), origins: without(origins) }));
    put(admin, '{');
    const state = (await open()).state();
    expect(imagesIn(state)).toEqual({ images: ['docker:cli'], from: admin });
    const path = 'lockkeeper.audit.maxMegabytes';
    expect(state).toMatchObject({
      policy: { values: { [path]: builtInValues[path] }, origins: { [path]: { source: 'built-in', locked: false } } },
    });
  });

  it('knows whose lock it is under, also one that sets nothing else', async () => {
    const { admin, open } = machine();
    put(admin, '{"enhancedContainerIsolation": {"locked": true}}');
    expect((await open()).state()).toMatchObject({ policy: { lockedBy: admin }, problems: [] });
    put(admin, '{');
    expect((await open()).state()).toMatchObject({ policy: { lockedBy: admin }, problems: [{ file: admin }, {}] });
    put(admin, '{}');
    const state = (await open()).state();
    expect(state.kind === 'effective' && state.policy).not.toHaveProperty('lockedBy');
  });

  it('of a run with --settings does not count in one without, nor the other way round', async () => {
    const { admin, stateFolder, open } = machine();
    const file = join(dirname(admin), 'named.json');
    put(file, one);
    (await open({ settingsFile: file })).close();
    put(admin, '{');
    const without = (await open()).state();
    const notFor = (run: string) => ({
      file: record(stateFolder),
      text: `The last good policy, which is kept here, is of a run ${run}, and does not count for this one.`,
    });
    expect(without).toMatchObject({ kind: 'closed', problems: [{ file: admin }, notFor(`with --settings ${file}`)] });
    put(admin, two);
    (await open()).close();
    put(file, '{');
    const named = (await open({ settingsFile: file })).state();
    expect(named).toMatchObject({ kind: 'closed', problems: [{ file }, notFor('without --settings')] });
  });

  it('is stored after it came into force, so that a slow disk holds nothing back', async () => {
    const { admin, stateFolder, open } = machine();
    put(admin, one);
    const source = await open();
    const stored: boolean[] = [];
    const isStored = () => readFileSync(record(stateFolder), 'utf8').includes('docker:dind');
    source.onChange(() => stored.push(isStored()));
    put(admin, two);
    await source.reload();
    expect([...stored, isStored()]).toEqual([false, true]);
  });

  it('that cannot be stored is in force all the same, with a warning', async () => {
    const { admin, platform, stateFolder } = machine();
    put(admin, one);
    put(stateFolder, 'not a folder');
    const source = await openPolicySource({ stateFolder, platform });
    const state = source.state();
    source.close();
    expect(imagesIn(state)).toEqual({ images: ['docker:cli'], from: admin });
    expect(state.kind === 'effective' && state.warnings).toEqual([
      {
        file: stateFolder,
        text: 'The policy could not be stored here (EEXIST): should a settings file be unusable at the next start, nothing will be let through.',
      },
    ]);
  });
});
