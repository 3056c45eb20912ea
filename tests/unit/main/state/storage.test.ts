import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storageProblem } from '../../../../main/state/storage.ts';

test.runIf(process.platform === 'linux')(
  'a folder in memory, or below one that a reboot empties, is doubtful',
  async () => {
    expect(await storageProblem('/dev/shm', 'linux')).toMatch(
      /^the state folder \/dev\/shm lies in memory \(tmpfs\), .* --state$/,
    );
    const made = mkdtempSync('/tmp/lk-storage-');
    try {
      expect(await storageProblem(made, 'linux')).toMatch(/lies (below \/tmp|in memory)/);
      expect(await storageProblem(join(made, '..', '..', 'var', 'tmp'), 'linux')).toBeUndefined();
    } finally {
      rmSync(made, { recursive: true });
    }
  },
);

test('elsewhere nothing is known of it', async () => {
  expect(await storageProblem('/dev/shm', 'darwin')).toBeUndefined();
});
