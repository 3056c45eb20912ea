import { expect, it } from 'vitest';
import { runCommand } from '../lab/command.ts';

const checkout = new URL('../../', import.meta.url).pathname;

it('the demo comes out as stated', async () => {
  const args = ['--import', 'tsx', `${checkout}tests/demo/demo.ts`];
  const { code, stdout, stderr } = await runCommand(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/root' },
    timeoutMs: 180_000,
  });
  expect(`${stdout}${stderr}`).toContain('Everything came out as stated.');
  expect(code).toBe(0);
}, 200_000);
