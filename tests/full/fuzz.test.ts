import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { targets } from '../fuzz/targets.ts';
import { runCommand } from '../lab/command.ts';

const SECONDS = 20;
const program = fileURLToPath(new URL('../fuzz/fuzz.ts', import.meta.url));

describe(`${SECONDS} seconds of fuzzing find nothing in`, () => {
  test.each(targets.map(({ name }) => name))('%s', async (name) => {
    const args = ['--import', 'tsx', program, name, '--seconds', String(SECONDS)];
    const { code, stdout, stderr } = await runCommand(process.execPath, args);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringContaining('nothing found'), stderr: '' });
    expect(Number(/(\d+) executions/.exec(stdout)?.[1])).toBeGreaterThan(1000);
  });
});
