import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pollFiles } from '../../../../main/settings/poll.ts';
import { watchFiles } from '../../../../main/settings/watch.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Watches, and resolves with the time in milliseconds until the next change is told. */
function watching(...files: string[]): () => Promise<number> {
  let told: (() => void) | undefined;
  const watch = watchFiles(files, () => told?.());
  onTestFinished(() => watch.close());
  return () => {
    const start = performance.now();
    return new Promise((resolve) => {
      told = () => resolve(performance.now() - start);
    });
  };
}

const WITHIN = 1000;

describe('watchFiles', () => {
  it('tells of a file that is written, replaced by a rename, made unreadable and removed', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'admin-settings.json');
    const change = watching(file);
    const steps = [
      () => writeFileSync(file, 'one'),
      () => {
        writeFileSync(join(folder, 'new'), 'two');
        renameSync(join(folder, 'new'), file);
      },
      () => chmodSync(file, 0o666),
      () => rmSync(file),
    ];
    for (const step of steps) {
      const told = change();
      step();
      expect(await told).toBeLessThan(WITHIN);
    }
  });

  it('follows a file into folders that do not exist yet, come, go and come again', async () => {
    const folder = join(temporaryFolder(), 'etc');
    const file = join(folder, 'deep', 'lockkeeper', 'admin-settings.json');
    const change = watching(file);
    for (const round of ['one', 'two', 'three']) {
      let told = change();
      mkdirSync(join(folder, 'deep', 'lockkeeper'), { recursive: true });
      expect(await told).toBeLessThan(WITHIN);
      told = change();
      writeFileSync(file, round);
      expect(await told).toBeLessThan(WITHIN);
      told = change();
      rmSync(folder, { recursive: true });
      expect(await told).toBeLessThan(WITHIN);
    }
  });

  it('notices that the folder was replaced by another with the file in it', async () => {
    const root = temporaryFolder();
    for (const name of ['lockkeeper', 'other']) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'admin-settings.json'), name);
    }
    const change = watching(join(root, 'lockkeeper', 'admin-settings.json'));
    let told = change();
    renameSync(join(root, 'lockkeeper'), join(root, 'old'));
    renameSync(join(root, 'other'), join(root, 'lockkeeper'));
    expect(await told).toBeLessThan(WITHIN);
    told = change();
    writeFileSync(join(root, 'lockkeeper', 'admin-settings.json'), 'changed');
    expect(await told).toBeLessThan(WITHIN);
  });

  it('notices that the folder was removed and made again in one go', async () => {
    const folder = join(temporaryFolder(), 'lockkeeper');
    const file = join(folder, 'admin-settings.json');
    mkdirSync(folder);
    const change = watching(file);
    let told = change();
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    expect(await told).toBeLessThan(WITHIN);
    told = change();
    writeFileSync(file, 'x');
    expect(await told).toBeLessThan(WITHIN);
  });

  it('notices that a link in place of the folder leads elsewhere now', async () => {
    const root = temporaryFolder();
    const file = join(root, 'lockkeeper', 'admin-settings.json');
    mkdirSync(join(root, 'one'));
    mkdirSync(join(root, 'two'));
    symlinkSync(join(root, 'one'), join(root, 'lockkeeper'));
    const change = watching(file);
    let told = change();
    symlinkSync(join(root, 'two'), join(root, 'new'));
    renameSync(join(root, 'new'), join(root, 'lockkeeper'));
    expect(await told).toBeLessThan(WITHIN);
    told = change();
    writeFileSync(file, 'x');
    expect(await told).toBeLessThan(WITHIN);
  });

  it('tells of each of several files', async () => {
    const files = [join(temporaryFolder(), 'a.json'), join(temporaryFolder(), 'b.json')];
    const change = watching(...files);
    for (const file of files) {
      const told = change();
      writeFileSync(file, 'x');
      expect(await told).toBeLessThan(WITHIN);
    }
  });

  it('is not held back by a folder that never comes to rest', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'admin-settings.json');
    const change = watching(file);
    const told = change();
    const writing = setInterval(() => writeFileSync(file, String(performance.now())), 10);
    const waited = await told.finally(() => clearInterval(writing));
    expect(waited).toBeLessThan(WITHIN);
  });

  it('counts a burst as one change', async () => {
    const file = join(temporaryFolder(), 'admin-settings.json');
    let changes = 0;
    const watch = watchFiles([file], () => {
      changes += 1;
    });
    onTestFinished(() => watch.close());
    const burst = watching(file)();
    for (let count = 0; count < 20; count++) {
      writeFileSync(file, String(count));
    }
    await burst;
    // Long enough for a look at the files, which must find nothing new.
    for (const marker of [`${file}.one`, `${file}.two`]) {
      await new Promise<void>((resolve) => {
        const poll = pollFiles([marker], resolve);
        onTestFinished(() => poll.close());
        writeFileSync(marker, 'x');
      });
    }
    expect(changes).toBe(1);
  });

  it('passes over the neighbours of its file', async () => {
    const folder = temporaryFolder();
    let changes = 0;
    const watch = watchFiles([join(folder, 'admin-settings.json')], () => {
      changes += 1;
    });
    onTestFinished(() => watch.close());
    const told = watching(join(folder, 'neighbour.json'))();
    writeFileSync(join(folder, 'neighbour.json'), 'x');
    await told;
    expect(changes).toBe(0);
  });

  it('says nothing any more once it is closed', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'admin-settings.json');
    let changes = 0;
    const closed = watchFiles([file], () => {
      changes += 1;
    });
    const change = watching(file);
    const told = change();
    writeFileSync(file, 'x');
    closed.close();
    await told;
    expect(changes).toBe(0);
  });
});
