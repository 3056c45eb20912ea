import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusedSettingsFile } from '../../../../main/settings/settings.ts';
import { imagesIn, machine, put, remove, settingsText } from './settings-folder.ts';

const one = settingsText({ images: ['docker:cli'] });
const two = settingsText({ images: ['docker:dind'] });

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

describe('the way to a file', () => {
  const inOpenFolder = (file: string, text: string) => {
    put(file, text);
    chmodSync(dirname(file), 0o777);
  };

  it.each(['admin', 'desktop', 'user'] as const)('must be trusted: %s', async (place) => {
    const here = machine();
    inOpenFolder(here[place], one);
    const state = (await here.open()).state();
    expect(state).toMatchObject({ kind: 'closed', problems: [{ file: here[place] }] });
    expect(state.problems[0]?.text).toMatch(/^The file could be replaced by others: the folder /);
  });

  it('must be trusted: --settings', async () => {
    const { stateFolder, open } = machine();
    const file = join(dirname(stateFolder), 'named', 'named.json');
    inOpenFolder(file, one);
    expect((await open({ settingsFile: file })).state()).toMatchObject({ kind: 'closed', problems: [{ file }] });
  });

  it('does not make room for the next source when the file is gone', async () => {
    const { admin, desktop, user, open } = machine();
    inOpenFolder(admin, settingsText({ images: [], locked: true }));
    remove(admin);
    put(desktop, one);
    put(user, two);
    expect((await open()).state()).toMatchObject({ kind: 'closed', problems: [{ file: admin }] });
  });

  it("is of no interest where there never was a user's file", async () => {
    const { admin, user, open } = machine();
    put(admin, one);
    inOpenFolder(user, '');
    remove(user);
    expect(imagesIn((await open()).state())).toEqual({ images: ['docker:cli'], from: admin });
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
    expect(await source.reload()).toMatchObject({ kind: 'effective', generation: 3, problems: [problem, {}] });
  });
});
