import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { watchFiles } from '../../../../main/settings/watch.ts';
import { temporaryFolder } from './temporary-folder.ts';

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  watch: () => {
    throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' });
  },
}));

it('looks by itself, within a second, when the system has no watches left', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'admin-settings.json');
  let told = () => {};
  const watch = watchFiles([file], () => told());
  onTestFinished(() => watch.close());
  const steps = [
    () => writeFileSync(file, 'one'),
    () => {
      writeFileSync(join(folder, 'new'), 'two');
      renameSync(join(folder, 'new'), file);
    },
  ];
  for (const step of steps) {
    const start = performance.now();
    const change = new Promise<void>((resolve) => {
      told = resolve;
    });
    step();
    await change;
    expect(performance.now() - start).toBeLessThan(1000);
  }
});
