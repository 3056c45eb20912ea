import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const PROGRAM = new URL('../../../build/package.mjs', import.meta.url).pathname;

it('says what to do where there is no Electron runtime to make a package of', () => {
  const env = { PATH: process.env.PATH ?? '', ELECTRON_OVERRIDE_DIST_PATH: '/no/such/runtime' };
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM], { env, encoding: 'utf8' });
  expect(stderr).toContain('there is no Electron runtime to make it of');
  expect(stderr).toContain('ELECTRON_OVERRIDE_DIST_PATH');
  expect(status).toBe(3);
});
