import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runOrThrow } from '../../lab/command.ts';
import { attachLab } from '../../lab/lab.ts';
import { desktopSuite, hasElectron, type OpenWindow, openWindow } from '../window/open-window.ts';
import { type ElectronPlace, preparePlace, runLaunched, SWITCHES } from '../window/shells/electron.ts';

const lab = attachLab(inject('lab'));
const CHECKOUT = new URL('../../../', import.meta.url).pathname;
/** Milliseconds for two hundred megabytes to be copied. */
const BUILD_MS = 110_000;
/** As the wire of fuses has it in the program; the library does not export its names. */
const ON = '1'.charCodeAt(0);
const HELP = 'Usage: lockkeeper-desktop';

interface Lock {
  readonly packages: Readonly<Record<string, { version?: string; dev?: boolean; devOptional?: boolean }>>;
}

describe.runIf(hasElectron)(`${desktopSuite}, as an unpacked package`, () => {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'p-'));
  const app = join(folder, process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`);
  const program = join(app, 'lockkeeper-desktop');
  const asar = join(app, 'resources', 'app.asar');

  let said = '';

  beforeAll(async () => {
    // The app may run as a user who has to find its way there.
    chmodSync(folder, 0o755);
    const { PATH = '', ELECTRON_OVERRIDE_DIST_PATH = '' } = process.env;
    const env = { PATH, HOME: join(folder, 'home'), ELECTRON_OVERRIDE_DIST_PATH };
    const build = [process.execPath, join(CHECKOUT, 'build/package.mjs'), '--output', folder];
    // Whatever it wanted to fetch would fail: there is no network where it runs.
    ({ stderr: said } = await runOrThrow('unshare', ['--net', '--map-root-user', ...build], {
      env,
      timeoutMs: BUILD_MS,
    }));
  }, BUILD_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says of which Electron it is made', () => {
    const version = readFileSync(join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '', 'version'), 'utf8').trim();
    expect(said).toContain(`package: of Electron ${version} at `);
    const { devDependencies } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
    expect(said.includes('to be tried, not given out')).toBe(version !== devDependencies.electron);
  });

  it('lies beside the list of what it is made of', () => {
    const { bomFormat, components } = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
      components: readonly { name: string }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    const names = components.map(({ name }) => name);
    for (const part of ['electron', 'react', 'zod', 'dockerode']) expect(names).toContain(part);
    expect(names).not.toContain('vitest');
  });

  it('has the fuses of the configuration', async () => {
    const { version: _, resetAdHocDarwinSignature: __, ...wire } = await getCurrentFuseWire(program);
    const on = Object.entries(wire).filter(([, state]) => state === ON);
    expect(on.map(([fuse]) => FuseV1Options[Number(fuse)])).toEqual([
      'EnableEmbeddedAsarIntegrityValidation',
      'OnlyLoadAppFromAsar',
    ]);
  });

  it('holds our bundles and what they need, and nothing of the runtime that is an app', () => {
    expect(readdirSync(join(app, 'resources')).sort()).toEqual(['LICENSE.txt', 'app.asar']);
    const files = listPackage(asar, { isPack: false });
    const places = new Set(files.map((file) => /^\/(dist\/[^/]+|[^/]+)/.exec(file)?.[1]));
    const bundles = ['dist/icons', 'dist/main', 'dist/preload', 'dist/renderer'];
    expect([...places].sort()).toEqual(['dist', ...bundles, 'node_modules', 'package.json']);
    // Those of the packages lie beside them.
    expect(files).toContain('/dist/renderer/licenses.md');
    expect(files.filter((file) => /\.(map|ts|mts|cts|node|gyp|cc|h)$/.test(file))).toEqual([]);
    expect(readFileSync(asar).includes(CHECKOUT)).toBe(false);
  });

  it('holds packages only that the app depends on when it runs', () => {
    const lock: Lock = JSON.parse(readFileSync(join(CHECKOUT, 'package-lock.json'), 'utf8'));
    const production = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional);
    const wanted = new Set(production.map(([path, { version }]) => `${path.split('node_modules/').at(-1)} ${version}`));
    const manifest = /\/node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/;
    const held = listPackage(asar, { isPack: false })
      .filter((file) => manifest.test(file))
      .map((file) => JSON.parse(extractFile(asar, file.slice(1)).toString('utf8')))
      .map(({ name, version }) => `${name} ${version}`);
    expect(held.filter((one) => !wanted.has(one))).toEqual([]);
    for (const name of ['dockerode', 'zod']) expect(held.map((one) => one.split(' ')[0])).toContain(name);
    const own = JSON.parse(extractFile(asar, 'package.json').toString('utf8'));
    expect(Object.keys(own)).not.toContain('devDependencies');
    expect(Object.keys(own)).not.toContain('scripts');
  });

  describe('as a program', () => {
    let place: ElectronPlace;
    const help = (env: readonly string[], switches: readonly string[] = []) =>
      runLaunched(['env', ...env, program, ...SWITCHES, ...switches, '--help'], place);

    beforeAll(async () => {
      const own = join(folder, 'own');
      mkdirSync(own, { mode: 0o755 });
      place = await preparePlace(own);
    });
    afterAll(() => place?.display.close());

    it.each([
      ['Node', ['ELECTRON_RUN_AS_NODE=1'], []],
      ['what NODE_OPTIONS says', ['NODE_OPTIONS=--require=/no/such.js'], []],
      ['a program for a debugger', [], ['--inspect=127.0.0.1:0']],
    ])('does not become %s', async (_what, env, switches) => {
      const { code, stdout, stderr } = await help(env, switches);
      expect(stdout).toContain(HELP);
      expect(stderr).not.toMatch(/NODE_OPTION|Debugger/);
      expect(code).toBe(0);
    });

    it('does not become the folder that lies where its own app was', async () => {
      const other = join(app, 'resources', 'app');
      mkdirSync(other, { recursive: true });
      writeFileSync(join(other, 'package.json'), '{ "main": "main.cjs" }');
      writeFileSync(join(other, 'main.cjs'), "console.log('another app'); require('electron').app.exit(0);");
      renameSync(asar, `${asar}.away`);
      const { code, stdout } = await help([]);
      renameSync(`${asar}.away`, asar);
      rmSync(other, { recursive: true });
      expect(stdout).toBe('');
      expect(code).not.toBe(0);
    });
  });

  describe('in front of an engine', () => {
    let window: OpenWindow;

    beforeAll(async () => {
      window = await openWindow(lab, { shell: 'Electron', packaged: program, settings: {} });
    });
    afterAll(() => window?.close());

    it('has its gate pass what is asked, and refuse a socket', async () => {
      const passed = await window.docker('version', '--format', '{{.Server.Version}}');
      expect(passed.stderr).toBe('');
      expect(passed.stdout).toMatch(/^\d+\./);
      const mount = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
      const refused = await window.docker('create', ...mount, 'docker:cli');
      expect(refused.stderr).toContain('docker socket mount denied');
      expect(refused.code).toBe(1);
    });

    it('shows its window out of the package', async () => {
      const { page } = window;
      await page.getByRole('banner').getByText('Enforcing').waitFor();
      expect(page.url()).toBe('app://lockkeeper/');
      await page.getByRole('option').filter({ hasText: 'docker:cli' }).waitFor();
      // A page whose script is loaded when it is opened.
      await page.getByRole('navigation').getByRole('link', { name: 'Commands' }).click();
      await page.getByRole('rowheader').getByText('volume ls', { exact: true }).waitFor();
      expect(window.complaints).toEqual([]);
    });

    it('ends when it is told to, and serves again', async () => {
      await window.restart();
      await window.page.getByRole('banner').getByText('Enforcing').waitFor();
      expect((await window.docker('version')).code).toBe(0);
    });
  });
});
