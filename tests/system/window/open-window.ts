import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from 'playwright';
import { type CommandResult, runCommand } from '../../lab/command.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { type SettingsWords, settingsJson } from '../running.ts';

const BUILT = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine, or why there is none: for the names of tests that are skipped then. */
export const browserPath = CHROMIUM.find((path) => existsSync(path));
export const windowSuite =
  browserPath === undefined ? 'the window (skipped: no Chromium; on Debian: apt-get install chromium)' : 'the window';

/** A running Lockkeeper, its window in a browser, and a docker command that goes through it. */
export interface OpenWindow {
  readonly page: Page;
  /** Where the window is served now, without the token. */
  readonly address: string;
  /** The file with what was chosen in the window. */
  readonly preferences: string;
  readonly hostGate: string;
  /** The settings file that `write` writes: the one of `--settings`, or the user's. */
  readonly settings: string;
  /** The user's settings file, which is not there unless something makes it. */
  readonly userSettings: string;
  /** A filtered socket for tools on the host. */
  readonly standing: string;
  /** What the page wrote to its console, and what failed in it. */
  readonly complaints: readonly string[];
  docker(...args: string[]): Promise<CommandResult>;
  cli(...args: string[]): Promise<CommandResult>;
  /** Replaces the settings file as an editor would. */
  write(settings: SettingsWords | string): void;
  /** A link that opens one more browser. */
  link(): Promise<string>;
  /** Comes back at the same port, which the open page waits for, or at another. */
  restart(port?: 'same' | 'other'): Promise<void>;
  close(): Promise<void>;
}

export interface WindowOptions {
  readonly settings?: SettingsWords | string;
  /** Has no `--settings`: the settings are the user's own, as long as this machine has no administrator's. */
  readonly isUsers?: boolean;
  /** As at the very first start; otherwise somebody has been through the first run. */
  readonly isFirstRun?: boolean;
  readonly language?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the built program with its window, and opens that in Chromium as the printed link says. */
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
  let port = '0';
  let link = '';
  const start = async () => {
    const sockets = ['--engine', lab.engineUrl, '--host-gate', paths.hostGate, '--standing-socket', paths.standing];
    const args = [BUILT, 'serve', '--state', paths.state, ...named, ...sockets];
    const child = spawn(process.execPath, [...args, '--dashboard', port], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    link = await printedLink(child);
    port = new URL(link).port;
    return child;
  };
  let child = await start();
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
  const { page, complaints } = await openPage(browser, link, options);
  const stopProgram = () => ended(child, 'SIGTERM');
  return {
    page,
    complaints,
    get address() {
      return new URL('/', link).href;
    },
    preferences: paths.preferences,
    hostGate: paths.hostGate,
    settings,
    userSettings: paths.userSettings,
    standing: paths.standing,
    docker: (...args) => runCommand('docker', args, { env: { ...env, DOCKER_HOST: `unix://${paths.hostGate}` } }),
    cli: (...args) => runCommand(process.execPath, [BUILT, ...args, '--state', paths.state], { env }),
    write: (words) => writeSettings(settings, words),
    async link() {
      const printed = await runCommand(process.execPath, [BUILT, 'dashboard', '--state', paths.state], { env });
      return printed.stdout.trim();
    },
    async restart(where = 'same') {
      await stopProgram();
      if (where === 'other') port = '0';
      child = await start();
    },
    async close() {
      await browser.close();
      await stopProgram();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openPage(browser: Browser, link: string, { language = 'en-GB', colorScheme = 'light' }: WindowOptions) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: language, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(link);
  await page.getByRole('navigation').waitFor();
  return { page, complaints };
}

function printedLink(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaints = '';
    child.stderr?.on('data', (data: Buffer) => {
      complaints += data.toString();
    });
    child.once('exit', (code) => reject(new Error(`lockkeeper ended with ${code}: ${complaints}`)));
    if (child.stdout === null) throw new Error('the program was started without a pipe for its output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const link = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(line)?.[0];
      if (link !== undefined) resolve(link);
    });
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}

/** In one step, as editors and management tools do: a half-written file would be a bad one for a moment. */
function writeSettings(path: string, settings: SettingsWords | string): void {
  const text = typeof settings === 'string' ? settings : settingsJson(settings);
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
