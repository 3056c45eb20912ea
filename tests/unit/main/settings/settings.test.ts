import { appendFileSync, chmodSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPolicySource } from '../../../../main/settings/settings.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { imagesIn, machine, nextState, put, remove, settingsText } from './settings-folder.ts';

const one = settingsText({ images: ['docker:cli'] });
const two = settingsText({ images: ['docker:dind'] });
const texts = (state: PolicyState) => state.problems.map(({ text }) => text);

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

  it('are applied when they are whole: half a file is no policy', async () => {
    const { admin, open } = machine();
    put(admin, one);
    const source = await open();
    const half = nextState(source, ({ problems }) => problems.length > 0);
    writeFileSync(admin, two.slice(0, 60));
    expect(imagesIn(await half)).toEqual({ images: ['docker:cli'], from: admin });
    const whole = nextState(source, ({ problems }) => problems.length === 0);
    appendFileSync(admin, two.slice(60));
    expect(imagesIn(await whole)).toEqual({ images: ['docker:dind'], from: admin });
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
