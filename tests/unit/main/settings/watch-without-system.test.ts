import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { pollFiles } from '../../../../main/settings/poll.ts';
import { watchFiles } from '../../../../main/settings/watch.ts';
import { temporaryFolder } from './temporary-folder.ts';

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  watch: () => {
    throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' });
  },
}));

function swapLink(path: string, target: string): void {
  symlinkSync(target, `${path}.new`);
  renameSync(`${path}.new`, path);
}

it('looks by itself, within a second, when the system tells nothing', async () => {
  const root = temporaryFolder();
  for (const name of ['one', 'two']) {
    mkdirSync(join(root, name, 'lockkeeper'), { recursive: true });
    writeFileSync(join(root, name, 'lockkeeper', 'settings.json'), name);
  }
  swapLink(join(root, 'current'), 'one');
  const folder = join(root, 'current', 'lockkeeper');
  const file = join(folder, 'settings.json');
  let told = () => {};
  const watch = watchFiles([file], () => told());
  onTestFinished(() => watch.close());
  const steps: readonly (readonly [string, () => void])[] = [
    ['written to', () => writeFileSync(file, 'more')],
    [
      'replaced',
      () => {
        writeFileSync(join(root, 'new'), 'two');
        renameSync(join(root, 'new'), file);
      },
    ],
    ['its mode', () => chmodSync(file, 0o666)],
    ['the mode of a folder higher up', () => chmodSync(root, 0o755)],
    ['a link higher up', () => swapLink(join(root, 'current'), 'two')],
    ['removed', () => rmSync(file)],
    ['its folder, too', () => rmSync(folder, { recursive: true })],
    ['made anew', () => mkdirSync(folder)],
    ['and the file', () => writeFileSync(file, 'x')],
  ];
  for (const [what, step] of steps) {
    const start = performance.now();
    const change = new Promise<void>((resolve) => {
      told = resolve;
    });
    step();
    await change;
    expect(performance.now() - start, what).toBeLessThan(1000);
  }
});

it('does not tell of what is known already, nor of neighbours', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'settings.json');
  const told: string[] = [];
  const poll = pollFiles([file], () => told.push('known'));
  writeFileSync(file, 'x');
  poll.seen();
  writeFileSync(join(folder, 'neighbour'), 'x');
  await new Promise<void>((resolve) => {
    const other = pollFiles([`${file}.other`], resolve);
    onTestFinished(() => other.close());
    writeFileSync(`${file}.other`, 'x');
  });
  await new Promise<void>((resolve) => {
    const third = pollFiles([`${file}.third`], resolve);
    onTestFinished(() => third.close());
    writeFileSync(`${file}.third`, 'x');
  });
  poll.close();
  expect(told).toEqual([]);
});
