import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPolicySource, refusedSettingsFile } from '../../../../main/settings/settings.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { imagesIn, machine, nextState, put, remove, settingsText } from './settings-folder.ts';

const one = settingsText({ images: ['docker:cli'] });
const two = settingsText({ images: ['docker:dind'] });
const texts = (state: PolicyState) => state.problems.map(({ text }) => text);

describe('which file counts', () => {
  it('none: the built-in policy', async () => {
    const { open } = machine();
    const state = (await open()).state();
    expect(state).toMatchObject({ kind: 'effective', generation: 1, problems: [], warnings: [] });
    expect(imagesIn(state)).toEqual({ images: [], from: undefined });
  });

  it("Lockkeeper's own before Docker Desktop's, and Docker Desktop's where ours is missing", async () => {
    const { admin, desktop, open } = machine();
    put(desktop, two);
    const source = await open();
    expect(imagesIn(source.state())).toEqual({ images: ['docker:dind'], from: desktop });
    put(admin, one);
    expect(imagesIn(await source.reload())).toEqual({ images: ['docker:cli'], from: admin });
    remove(admin);
    expect(imagesIn(await source.reload())).toEqual({ images: ['docker:dind'], from: desktop });
  });

  it("the user's before an unlocked administrator's, but not before a locked one", async () => {
    const { admin, user, open } = machine();
    put(admin, one);
    put(user, two);
    const source = await open();
    expect(imagesIn(source.state())).toEqual({ images: ['docker:dind'], from: user });
    put(admin, settingsText({ images: ['docker:cli'], locked: true }));
    expect(imagesIn(await source.reload())).toEqual({ images: ['docker:cli'], from: admin });
  });

  it("not the user's at all under a lock, be it as broken as it likes", async () => {
    const { admin, user, open } = machine();
    put(admin, settingsText({ images: ['docker:cli'], locked: true }));
    put(user, '{');
    const source = await open();
    expect(source.state()).toMatchObject({ kind: 'effective', problems: [], warnings: [] });
    expect(imagesIn(source.state())).toEqual({ images: ['docker:cli'], from: admin });
  });

  it("a lock in the user's file locks nothing, and is warned of", async () => {
    const { user, open } = machine();
    put(user, settingsText({ images: ['docker:cli'], locked: true }));
    const state = (await open()).state();
    expect(state.kind === 'effective' && state.warnings).toEqual([
      {
        file: user,
        path: 'enhancedContainerIsolation.locked',
        text: "enhancedContainerIsolation.locked has no effect in a user's file; only the administrator's locks.",
      },
    ]);
    expect(state.kind === 'effective' && state.policy.origins['enhancedContainerIsolation.value'].locked).toBe(false);
  });

  it('an unusable file of ours is not passed over for a usable one of Docker Desktop', async () => {
    const { admin, desktop, open } = machine();
    put(desktop, two);
    mkdirSync(dirname(admin), { recursive: true });
    symlinkSync('/nonexistent', admin);
    expect((await open()).state()).toMatchObject({ kind: 'closed', generation: 1 });
  });
});

describe('--settings', () => {
  const named = (admin: string) => join(dirname(dirname(dirname(admin))), 'named.json');

  it("stands in for the administrator's file, under the user's", async () => {
    const { admin, user, open } = machine();
    const file = named(admin);
    put(admin, two);
    put(file, settingsText({ images: ['docker:cli'], locked: true }));
    put(user, settingsText({ images: ['docker:dind'] }));
    const state = (await open({ settingsFile: file })).state();
    expect(imagesIn(state)).toEqual({ images: ['docker:cli'], from: file });
    expect(state.kind === 'effective' && state.policy.origins['enhancedContainerIsolation.value']).toEqual({
      source: 'built-in',
      locked: true,
    });
  });

  it("with a lock keeps the user's file out, be it as broken as it likes", async () => {
    const { admin, user, open } = machine();
    const file = named(admin);
    put(file, settingsText({ images: ['docker:cli'], locked: true }));
    put(user, '{');
    expect((await open({ settingsFile: file })).state()).toMatchObject({ kind: 'effective', problems: [] });
  });

  it('is refused where the administrator has locked the settings, which stay in force', async () => {
    const { admin, platform, open } = machine();
    const file = named(admin);
    put(admin, settingsText({ images: ['docker:dind'], locked: true }));
    put(file, settingsText({ images: ['*'] }));
    const refusal = {
      file,
      text: `--settings is refused: ${admin} locks the settings for everybody but root, and stays in force.`,
    };
    const state = (await open({ settingsFile: file })).state();
    expect(imagesIn(state)).toEqual({ images: ['docker:dind'], from: admin });
    expect(state.kind === 'effective' && state.warnings).toEqual([refusal]);
    expect(await refusedSettingsFile(file, platform)).toEqual(refusal);
  });

  it('is not refused to root, nor under an unlocked file', async () => {
    const { admin, platform, open } = machine();
    const file = named(admin);
    put(admin, settingsText({ images: ['docker:dind'], locked: true }));
    put(file, settingsText({ images: ['docker:cli'] }));
    const source = await open({ settingsFile: file, elevated: true });
    expect(imagesIn(source.state())).toEqual({ images: ['docker:cli'], from: file });
    expect(await refusedSettingsFile(file, { ...platform, elevated: true })).toBeUndefined();
    put(admin, settingsText({ images: ['docker:dind'] }));
    expect(await refusedSettingsFile(file, platform)).toBeUndefined();
  });

  it("does not get past an administrator's file that cannot be read, since that may be locked", async () => {
    const { admin, open } = machine();
    const file = named(admin);
    put(admin, '{');
    put(file, one);
    expect((await open({ settingsFile: file })).state()).toMatchObject({ kind: 'closed', problems: [{ file: admin }] });
  });

  it('must exist', async () => {
    const { admin, open } = machine();
    const file = named(admin);
    const source = await open({ settingsFile: file });
    const problem = { file, text: 'The file does not exist, but --settings names it.' };
    expect(source.state()).toEqual({ kind: 'closed', generation: 1, problems: [problem] });
    put(file, one);
    expect(imagesIn(await source.reload())).toEqual({ images: ['docker:cli'], from: file });
    remove(file);
    expect(await source.reload()).toMatchObject({ kind: 'effective', generation: 3, problems: [problem] });
  });
});

describe('files that cannot be used', () => {
  const bad: readonly [string, (file: string) => void, string][] = [
    [
      'a syntax error',
      (file) => put(file, '{"lockkeeper": {},}'),
      ':1:18: The file is not valid JSON: a comma before a closing bracket is not JSON (trailing comma): remove it.',
    ],
    [
      'a duplicate key',
      (file) => put(file, '{"a": 1,\n"a": 2}'),
      ':2:1: The file is not valid JSON: the key "a" comes twice in one object: remove one.',
    ],
    [
      'a wrong type',
      (file) => put(file, '{"enhancedContainerIsolation": {"value": "no"}}'),
      ':1:42: enhancedContainerIsolation.value must be true or false, but is the string "no".',
    ],
    [
      'an unknown key',
      (file) => put(file, '{"lockkeeper": {"mod": 1}}'),
      ':1:17: lockkeeper.mod is not a setting that Lockkeeper knows; lockkeeper may hold: mode, hostGate, containerSockets, unknownOperations, offlineGraceHours, previousDigestGraceHours, resolveEveryMinutes, localImages, perImageCommands, audit, telemetry.',
    ],
    [
      'UTF-16',
      (file) => {
        put(file, '');
        writeFileSync(file, '\ufeff{}', 'utf16le');
      },
      ': The file is encoded as UTF-16; save it as UTF-8.',
    ],
    ['nothing in it', (file) => put(file, ''), ': The file is empty; write {} for a file that sets nothing.'],
    [
      'more than 1 MiB',
      (file) => {
        put(file, '{}');
        truncateSync(file, 1024 * 1024 + 1);
      },
      ': The file is larger than 1 MiB, which no settings file needs to be.',
    ],
    [
      'a mode that lets others write',
      (file) => {
        put(file, '{}');
        chmodSync(file, 0o666);
      },
      ': The file has mode 0666, so that others than its owner can write to it (chmod go-w FILE).',
    ],
    [
      'a link',
      (file) => {
        put(`${file}.real`, '{}');
        symlinkSync(`${file}.real`, file);
      },
      ': The file is a symbolic link, whose target can be changed by others; put the file itself there.',
    ],
    [
      'a link to nothing',
      (file) => {
        put(`${file}.x`, '');
        symlinkSync('/nonexistent', file);
      },
      ': The file is a symbolic link, whose target can be changed by others; put the file itself there.',
    ],
    ['a folder', (file) => mkdirSync(file, { recursive: true }), ': The file is a folder, not a regular file.'],
    [
      'a named pipe',
      (file) => {
        mkdirSync(dirname(file), { recursive: true });
        execFileSync('mkfifo', [file]);
      },
      ': The file is a named pipe, not a regular file.',
    ],
  ];

  const shown = (state: PolicyState, file: string) =>
    state.problems.map(({ file: at, line, column, text }) => {
      expect(at).toBe(file);
      return `${line === undefined ? '' : `:${line}:${column}`}: ${text.replaceAll(file, 'FILE')}`;
    });

  it.each(bad)('%s: closed when there never was a policy', async (_what, spoil, problem) => {
    const { admin, open } = machine();
    spoil(admin);
    const state = (await open()).state();
    expect(state).toMatchObject({ kind: 'closed', generation: 1 });
    expect(shown(state, admin)).toEqual([problem]);
  });

  it.each(bad)('%s: the last good policy stays, here and in the next run', async (_what, spoil, problem) => {
    const { admin, user, open } = machine();
    put(admin, one);
    const source = await open();
    remove(dirname(admin));
    spoil(admin);
    // The user's file would count if the administrator's were taken for missing.
    put(user, two);
    const kept = await source.reload();
    expect(shown(kept, admin)).toEqual([problem]);
    expect(imagesIn(kept)).toEqual({ images: ['docker:cli'], from: admin });
    source.close();
    const next = (await open()).state();
    expect(shown(next, admin)).toEqual([problem]);
    expect(imagesIn(next)).toEqual({ images: ['docker:cli'], from: admin });
    expect(next).toMatchObject({ kind: 'effective', generation: 1 });
    const times = [kept, next].map((state) => (state.kind === 'effective' ? state.lastGoodFrom : undefined));
    expect(times[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(times[1]).toBe(times[0]);
  });

  it('a mended file counts again', async () => {
    const { admin, open } = machine();
    put(admin, '{');
    const source = await open();
    expect(source.state().kind).toBe('closed');
    put(admin, one);
    expect(await source.reload()).toMatchObject({ kind: 'effective', generation: 2, problems: [] });
    expect(imagesIn(source.state())).toEqual({ images: ['docker:cli'], from: admin });
  });

  it('a missing file is no mistake: the next source counts', async () => {
    const { admin, user, open } = machine();
    put(admin, settingsText({ images: ['docker:cli'], locked: true }));
    put(user, two);
    const source = await open();
    remove(admin);
    expect(imagesIn(await source.reload())).toEqual({ images: ['docker:dind'], from: user });
    remove(user);
    expect(imagesIn(await source.reload())).toEqual({ images: [], from: undefined });
  });

  it("the user's own mistake keeps the last good policy, too", async () => {
    const { admin, user, open } = machine();
    put(admin, one);
    put(user, two);
    const source = await open();
    put(user, '{]');
    const state = await source.reload();
    expect(texts(state)).toHaveLength(1);
    expect(imagesIn(state)).toEqual({ images: ['docker:dind'], from: user });
  });
});

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

  it.each([
    ['is no JSON', (file: string) => writeFileSync(file, '{')],
    ['is of another shape', (file: string) => writeFileSync(file, '{"version": 1}')],
    ['was loosened', (file: string) => chmodSync(file, 0o666)],
    [
      'was made a link',
      (file: string) => {
        put(`${file}.real`, '{}');
        remove(file);
        symlinkSync(`${file}.real`, file);
      },
    ],
  ])('does not count when its record %s', async (_what, spoil) => {
    const { admin, stateFolder, open } = machine();
    put(admin, one);
    (await open()).close();
    spoil(record(stateFolder));
    put(admin, '{');
    expect((await open()).state().kind).toBe('closed');
  });

  it('of a run with --settings does not count in one without, nor the other way round', async () => {
    const { admin, open } = machine();
    const file = join(dirname(admin), 'named.json');
    put(file, one);
    (await open({ settingsFile: file })).close();
    put(admin, '{');
    expect((await open()).state().kind).toBe('closed');
    put(admin, two);
    (await open()).close();
    put(file, '{');
    expect((await open({ settingsFile: file })).state().kind).toBe('closed');
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

describe('changes', () => {
  it('are applied within a second, when a file is replaced, spoilt, mended, removed', async () => {
    const { admin, open } = machine();
    const source = await open();
    const within = async (act: () => void, fits: (state: PolicyState) => boolean) => {
      const start = performance.now();
      const next = nextState(source, fits);
      act();
      const state = await next;
      expect(performance.now() - start).toBeLessThan(1000);
      return state;
    };
    const has = (image: string) => (state: PolicyState) => JSON.stringify(imagesIn(state)).includes(image);
    await within(() => put(admin, one), has('docker:cli'));
    await within(() => put(admin, two), has('docker:dind'));
    const broken = await within(
      () => put(admin, '{'),
      (state) => state.problems.length > 0,
    );
    expect(imagesIn(broken)).toEqual({ images: ['docker:dind'], from: admin });
    await within(() => put(admin, one), has('docker:cli'));
    const loose = await within(
      () => chmodSync(admin, 0o666),
      (state) => state.problems.length > 0,
    );
    expect(texts(loose)[0]).toContain('mode 0666');
    await within(
      () => chmodSync(admin, 0o644),
      (state) => state.problems.length === 0,
    );
    const gone = await within(
      () => remove(dirname(admin)),
      (state) => !has('docker:cli')(state),
    );
    expect(imagesIn(gone)).toEqual({ images: [], from: undefined });
  });

  it('count generations only when something changed', async () => {
    const { admin, open } = machine();
    put(admin, one);
    const source = await open();
    const told: number[] = [];
    source.onChange(({ generation }) => told.push(generation));
    await source.reload();
    put(admin, `${one}\n`);
    await source.reload();
    expect(source.state().generation).toBe(1);
    put(admin, two);
    await source.reload();
    put(admin, '{');
    await source.reload();
    await source.reload();
    put(admin, two);
    await source.reload();
    expect(told).toEqual([2, 3, 4]);
  });

  it('are told to nobody who has had enough', async () => {
    const { admin, open } = machine();
    const source = await open();
    const told: number[] = [];
    source.onChange(({ generation }) => told.push(generation))();
    put(admin, one);
    await source.reload();
    expect(told).toEqual([]);
  });

  it('a slow reading never overwrites a newer one', async () => {
    const { admin, platform, stateFolder } = machine();
    put(admin, one);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let entered = () => {};
    const holding = new Promise<void>((resolve) => {
      entered = resolve;
    });
    let readings = 0;
    const slow = {
      ...platform,
      trust: async (...about: Parameters<typeof platform.trust>) => {
        readings += 1;
        if (readings === 2) {
          entered();
          await held;
        }
        return platform.trust(...about);
      },
    };
    const source = await openPolicySource({ stateFolder, platform: slow });
    const generations: number[] = [];
    source.onChange(({ generation }) => generations.push(generation));
    const first = source.reload();
    await holding;
    put(admin, two);
    const second = source.reload();
    const third = source.reload();
    // By the time that another source has read the same files again and again, nobody has overtaken the held reading.
    const other = await openPolicySource({ stateFolder: `${stateFolder}-other`, platform });
    for (let round = 0; round < 20; round++) {
      await other.reload();
    }
    other.close();
    expect(readings).toBe(2);
    release();
    await first;
    expect(imagesIn(await second)).toEqual({ images: ['docker:dind'], from: admin });
    expect(await third).toBe(await second);
    expect(imagesIn(source.state())).toEqual({ images: ['docker:dind'], from: admin });
    source.close();
    expect(generations).toEqual([2]);
  });
});
