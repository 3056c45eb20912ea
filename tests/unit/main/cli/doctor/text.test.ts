import { expect, it } from 'vitest';
import { doctorText, explained } from '../../../../../main/cli/doctor/text.ts';
import type { SetUpCheck } from '../../../../../shared/ipc/set-up.ts';

const checks: readonly SetUpCheck[] = [
  {
    check: 'lockkeeper',
    state: 'fail',
    finding: 'not-running',
    values: { problem: 'two\nlines' },
    command: 'lockkeeper serve',
  },
  { check: 'versions', state: 'unknown', finding: 'unknown', values: {} },
  { check: 'testcontainers', state: 'pass', finding: 'unused', values: { wanted: 'unix:///x' }, command: 'echo x' },
  {
    check: 'raw-sockets',
    state: 'warn',
    finding: 'stopped',
    values: { names: 'a\u001b[31m' },
    command: 'docker rm -f a',
  },
];

it('is a line for each check with what to run below it, and counts at the end', async () => {
  expect(doctorText(await explained(checks)).split('\n')).toEqual([
    'PROBLEM  Lockkeeper: No Lockkeeper could be asked: two lines',
    '         -> lockkeeper serve',
    'unknown  Versions: The engine’s version is not known while it cannot be reached.',
    expect.stringMatching(/^ok {7}Testcontainers: .* tell it where Lockkeeper is: echo x$/),
    expect.stringMatching(/^note {5}Containers past Lockkeeper: .*: a\\u\{1b\}\[31m\. /),
    '         -> docker rm -f a',
    '1 to be mended, 1 worth knowing, 1 not known, 1 in order',
  ]);
});
