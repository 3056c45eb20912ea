import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CommandResult, runCommand } from '../../lab/command.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { askRunning, eventually, type SettingsWords, settingsJson } from '../running.ts';
import { browserMissing, openInChromium } from './shells/chromium.ts';
import { electronMissing, openInElectron } from './shells/electron.ts';
import { openPackaged } from './shells/packaged.ts';
import type { OpenShell, ShellName, WindowOptions } from './shells/shell.ts';

export { browserPath } from './shells/chromium.ts';
export type { WindowOptions } from './shells/shell.ts';

const BUILT = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;

/** What can show the window, and why one of them cannot here: for the names of tests that are skipped then. */
export const shells = [shell('Chromium', browserMissing), shell('Electron', electronMissing)] as const;
export const [{ suite: windowSuite }, { suite: desktopSuite, isThere: hasElectron }] = shells;

function shell(name: ShellName, missing: string | undefined) {
  const skipped = missing === undefined ? '' : ` (skipped: ${missing})`;
  const suite = `${name === 'Chromium' ? 'the window' : 'the window in the desktop app'}${skipped}`;
  return { name, isThere: missing === undefined, suite };
}

/** A running Lockkeeper, its window in a shell, and a docker command that goes through it. */
export interface OpenWindow extends OpenShell {
  /** The file with what was chosen in the window. */
  readonly preferences: string;
  readonly hostGate: string;
  /** The settings file that `write` writes: the one of `--settings`, or the user's. */
  readonly settings: string;
  /** The user's settings file, which is not there unless something makes it. */
  readonly userSettings: string;
  readonly state: string;
  /** A filtered socket for tools on the host. */
  readonly standing: string;
  docker(...args: string[]): Promise<CommandResult>;
  cli(...args: string[]): Promise<CommandResult>;
  /** Replaces the settings file as an editor would. */
  write(settings: SettingsWords | string): void;
  /** A link that opens one more browser. */
  link(): Promise<string>;
}

/** Starts the built program with its window open, in Chromium unless said otherwise. */
export async function openWindow(
  lab: Pick<AttachedLab, 'work' | 'engineUrl'>,
  options: WindowOptions = {},
): Promise<OpenWindow> {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'w-'));
  const paths = {
    home: join(folder, 'home'),
    state: join(folder, 's'),
    hostGate: join(folder, 'g', 'docker.sock'),
    standing: join(folder, 't', 'docker.sock'),
    preferences: join(folder, 's', 'preferences.json'),
    userSettings: join(folder, 'config', 'lockkeeper', 'settings.json'),
  };
  const settings = options.isUsers === true ? paths.userSettings : join(folder, 'admin-settings.json');
  const named = options.isUsers === true ? [] : ['--settings', settings];
  mkdirSync(paths.home);
  mkdirSync(paths.state, { mode: 0o700 });
  if (options.isFirstRun !== true) writeFileSync(paths.preferences, '{ "version": 1, "firstRun": "done" }');
  mkdirSync(dirname(settings), { recursive: true, mode: 0o700 });
  writeSettings(settings, options.settings ?? {});
  const docker = { DOCKER_HOST: '', DOCKER_CONFIG: '' };
  const home = { HOME: paths.home, XDG_CONFIG_HOME: join(folder, 'config') };
  const env = { ...process.env, ...home, ...docker, ...options.env };
  const sockets = ['--engine', lab.engineUrl, '--host-gate', paths.hostGate, '--standing-socket', paths.standing];
  const args = ['--state', paths.state, ...named, ...sockets];
  const takeBack = options.shell === 'Electron' ? openToAll(lab.engineUrl.replace(/^unix:\/\//, '')) : () => undefined;
  const inElectron = options.packaged === undefined ? openInElectron : openPackaged;
  const open = options.shell === 'Electron' ? inElectron : openInChromium;
  const opened = await open({ args, env, folder, options });
  // A page is there before what it shows: in the app, the service starts beside it.
  const serves = () => eventually(() => answers(paths.state), 'the service answers');
  await serves();
  return {
    ...paths,
    settings,
    get page() {
      return opened.page;
    },
    get app() {
      return opened.app;
    },
    get address() {
      return opened.address;
    },
    complaints: opened.complaints,
    async restart(port) {
      await opened.restart(port);
      await serves();
    },
    docker: (...words) => runCommand('docker', words, { env: { ...env, DOCKER_HOST: `unix://${paths.hostGate}` } }),
    cli: (...words) => runCommand(process.execPath, [BUILT, ...words, '--state', paths.state], { env }),
    write: (words) => writeSettings(settings, words),
    async link() {
      const printed = await runCommand(process.execPath, [BUILT, 'dashboard', '--state', paths.state], { env });
      return printed.stdout.trim();
    },
    async close() {
      await opened.close();
      takeBack();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(state: string): Promise<boolean> {
  return askRunning(state, 'status', {}).then(
    () => true,
    () => false,
  );
}

/** The app may run as a user that is in no group of the engine's. */
function openToAll(socket: string): () => void {
  const { mode } = statSync(socket);
  chmodSync(socket, 0o666);
  return () => chmodSync(socket, mode);
}

/** In one step, as editors and management tools do: a half-written file would be a bad one for a moment. */
function writeSettings(path: string, settings: SettingsWords | string): void {
  const text = typeof settings === 'string' ? settings : settingsJson(settings);
  writeFileSync(`${path}.new`, text, { mode: 0o644 });
  renameSync(`${path}.new`, path);
}
