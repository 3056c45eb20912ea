import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderRemark } from '../../../../shared/policy/admin-settings.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { imagesIn, machine, put, remove, settingsText } from './settings-folder.ts';
import { type UnusableFile, unusableFiles } from './unusable-files.ts';

const one = settingsText({ images: ['docker:cli'] });
const two = settingsText({ images: ['docker:dind'] });
const asRoot = process.getuid?.() === 0;

function shown(state: PolicyState, file: string): string[] {
  return state.problems.map((problem) =>
    renderRemark(problem).replaceAll(file, 'FILE').replaceAll(dirname(file), 'FOLDER'),
  );
}

describe.each(unusableFiles)(
  'a settings file that is or has $what',
  ({ spoil, says, asRoot: rootOnly }: UnusableFile) => {
    it.runIf(asRoot || rootOnly === undefined)('is told, and nothing opens when there never was a policy', async () => {
      const { admin, open } = machine();
      spoil(admin);
      const state = (await open()).state();
      expect(state).toMatchObject({ kind: 'closed', generation: 1 });
      expect(shown(state, admin)).toEqual([says]);
    });

    it.runIf(asRoot || rootOnly === undefined)('leaves the last good policy, here and in the next run', async () => {
      const { admin, user, stateFolder, open } = machine();
      put(admin, one);
      const source = await open();
      remove(dirname(admin));
      spoil(admin);
      // The user's file would count if the administrator's were taken for missing.
      put(user, two);
      const kept = await source.reload();
      const since = kept.kind === 'effective' ? kept.lastGoodFrom : undefined;
      expect(since).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const stays = `${stateFolder}/last-good-policy.json: The last good policy, of ${since}, stays in force until that is mended.`;
      expect(shown(kept, admin)).toEqual([says, stays]);
      expect(imagesIn(kept)).toEqual({ images: ['docker:cli'], from: admin });
      source.close();
      const next = (await open()).state();
      expect(shown(next, admin)).toEqual([says, stays]);
      expect(imagesIn(next)).toEqual({ images: ['docker:cli'], from: admin });
      expect(next).toMatchObject({ kind: 'effective', generation: 1, lastGoodFrom: since });
    });
  },
);

describe('settings files', () => {
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
    expect(shown(state, user)).toHaveLength(2);
    expect(imagesIn(state)).toEqual({ images: ['docker:dind'], from: user });
  });
});
