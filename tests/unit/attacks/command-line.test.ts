import { expect, it } from 'vitest';
import { runCommand } from '../../lab/command.ts';

const attacks = (...options: readonly string[]) =>
  runCommand(process.execPath, ['--import', 'tsx', 'tests/attacks/attacks.ts', '--engine', '/nowhere', ...options]);

it.each([
  [['--socket', '/nowhere'], 2, 'nothing answers a ping at /nowhere; --engine takes the path of a Unix socket'],
  [['--socket', '/nowhere', '--only', 'json/misspelled'], 1, 'there is no json/misspelled; the classes are socket,'],
  [['--socket', '/nowhere', '--generated', 'many'], 1, 'it must be a whole number'],
  [[], 1, "required option '--socket <path>' not specified"],
])('says what is wrong with %j, and never that nothing got past', async (options, status, words) => {
  const { code, stdout, stderr } = await attacks(...options);
  expect([code, stdout, stderr]).toEqual([status, '', expect.stringContaining(words)]);
});
