import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseShell, electronProgram, type Machine } from '../../../build/start/choose-shell.mjs';

const desktop: Machine = {
  platform: 'linux',
  isRoot: false,
  env: { DISPLAY: ':0' },
  nodeVersion: '22.12.0',
  runtime: '/opt/electron/electron',
  install: () => 'nothing is fetched here',
};

describe('the shell that npm start runs', () => {
  it.each<[string, Partial<Machine>]>([
    ['a display and a runtime', {}],
    ['a Wayland display', { env: { WAYLAND_DISPLAY: 'wayland-0' } }],
    [
      'a launcher that leaves root behind',
      { isRoot: true, env: { DISPLAY: ':0', LOCKKEEPER_ELECTRON_LAUNCHER: '/x' } },
    ],
    ['an old Node and a runtime', { nodeVersion: '20.19.0' }],
    ['a runtime that can be fetched', { runtime: undefined, install: () => undefined }],
    ['macOS, which always has a display', { platform: 'darwin', env: {} }],
  ])('is Electron with %s', (_what, machine) => {
    expect(chooseShell({ ...desktop, ...machine }).shell).toBe('electron');
  });

  it.each<[string, Partial<Machine>, string]>([
    ['without a display', { env: {} }, 'there is no display'],
    ['as root', { isRoot: true }, 'its sandbox is not for root'],
    ['with a Node that the installer cannot do with', { runtime: undefined, nodeVersion: '20.19.0' }, 'Node 22.12'],
    ['where the runtime cannot be fetched', { runtime: undefined }, 'nothing is fetched here'],
  ])('is headless %s, and says why', (_what, machine, why) => {
    const chosen = chooseShell({ ...desktop, ...machine });
    expect(chosen.shell).toBe('headless');
    expect(chosen.why).toContain(why);
  });
});

describe("Electron's program", () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-electron-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is the one of the npm package once it has fetched it, or of the place that is named', () => {
    expect(electronProgram(folder, {})).toBeUndefined();
    const dist = join(folder, 'node_modules/electron/dist');
    mkdirSync(dist, { recursive: true });
    writeFileSync(join(dist, '..', 'path.txt'), 'electron');
    expect(electronProgram(folder, {})).toBeUndefined();
    writeFileSync(join(dist, 'electron'), '');
    expect(electronProgram(folder, {})).toBe(join(dist, 'electron'));
    expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'gone') })).toBeUndefined();
    expect(electronProgram(folder, { ELECTRON_OVERRIDE_DIST_PATH: dist })).toBe(join(dist, 'electron'));
  });
});
