import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { type CommandResult, runCommand } from '../../../lab/command.ts';
import { type Display, openDisplay, XVFB } from './display.ts';
import { complaintsOf, type OpenShell, type ShellStart } from './shell.ts';

const CHECKOUT = new URL('../../../../', import.meta.url).pathname;
const LAUNCHED = new URL('launched-electron.mjs', import.meta.url).pathname;
const { ELECTRON_OVERRIDE_DIST_PATH: dist, LOCKKEEPER_ELECTRON_LAUNCHER: launcher } = process.env;
const binary = dist === undefined ? undefined : join(dist, 'electron');

/** Why the desktop app cannot be started here, for the names of tests that are skipped then; undefined where it can. */
export const electronMissing = missing();

function missing(): string | undefined {
  if (binary === undefined) return 'no Electron runtime: ELECTRON_OVERRIDE_DIST_PATH is not set';
  if (!existsSync(binary)) return `no Electron runtime: ${binary} is not there`;
  if (!existsSync(XVFB)) return 'no Xvfb; on Debian: apt-get install xvfb';
  const isRoot = process.getuid?.() === 0;
  if (isRoot && launcher === undefined)
    return "Electron's sandbox is not for root: LOCKKEEPER_ELECTRON_LAUNCHER is not set";
  // The launcher may go on as a user that has no way to the checkout.
  const isReadable = launched('test', '-r', join(CHECKOUT, 'package.json')).status === 0;
  return isReadable ? undefined : `${launcher} has no way to ${CHECKOUT}`;
}

/** A short command as the app is started. */
function launched(...words: readonly [string, ...string[]]) {
  const [file, ...args] = throughLauncher(words);
  return spawnSync(file, args, { encoding: 'utf8' });
}

function throughLauncher(words: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return launcher === undefined ? words : [launcher, ...words];
}

/** The user that the app runs as; a launcher may have one of its own. */
export function electronUser(): { readonly uid: number; readonly gid: number } {
  const [uid = '', gid = ''] = launched('sh', '-c', 'id -u; id -g').stdout.trim().split('\n');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Runs a command as the app is started, with the app's display and home, until it ends. */
export function runLaunched(
  words: readonly [string, ...string[]],
  { display, home }: ElectronPlace,
  timeoutMs?: number,
): Promise<CommandResult> {
  const [file, ...args] = throughLauncher(words);
  const env = { PATH: process.env.PATH ?? '', DISPLAY: display.name, TMPDIR: home, HOME: home };
  return runCommand(file, args, { env, ...(timeoutMs !== undefined && { timeoutMs }) });
}

/** The built app's command line. */
export function electronWords(args: readonly string[]): readonly [string, ...string[]] {
  return [binary ?? '', ...SWITCHES, CHECKOUT, ...args];
}

/** Where the app runs in a test. */
export interface ElectronPlace {
  readonly display: Display;
  /** The home and temporary folder of whoever runs it. */
  readonly home: string;
}

/** A display, and a folder that is given, with all that is in it, to the user that the app runs as. */
export async function preparePlace(folder: string): Promise<ElectronPlace> {
  const home = join(folder, 'electron');
  mkdirSync(home, { mode: 0o700 });
  give(folder, electronUser());
  return { display: await openDisplay(), home };
}

/** Starts the built app on a display of its own. */
export async function openInElectron({ args, folder, options }: ShellStart): Promise<OpenShell> {
  const place = await preparePlace(folder);
  let app = await startElectron(place, args, options.env);
  let page = await app.firstWindow();
  const complaints = complaintsOf(page);
  await page.getByRole('navigation').waitFor();
  return {
    get page() {
      return page;
    },
    get app() {
      return app;
    },
    complaints,
    address: 'app://lockkeeper/',
    async restart() {
      await app.close();
      app = await startElectron(place, args, options.env);
      page = await app.firstWindow();
    },
    async close() {
      await app.close();
      await place.display.close();
    },
  };
}

/** Starts the built app, and does not wait for its window. */
export function startElectron(
  place: ElectronPlace,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<ElectronApplication> {
  const { file, env } = ledOut(binary ?? '', place, more);
  return _electron.launch({
    executablePath: file,
    args: [...SWITCHES, CHECKOUT, ...args],
    chromiumSandbox: true,
    env,
  });
}

/** Software rendering from the start: there is no GPU behind Xvfb, and the search for one takes a second. */
export const SWITCHES = ['--disable-gpu'] as const;

/** What to start, and with which environment, for a program to run as the app does, within reach of a debugger here. */
export function ledOut(
  program: string,
  { display, home }: ElectronPlace,
  more: Readonly<Record<string, string>> = {},
): { readonly file: string; readonly env: Record<string, string> } {
  // A launcher may clear the environment: what is to reach the app goes past it.
  const relayed = { ELECTRON_BINARY: program, RELAY_FOLDER: home, ELECTRON_ENV: JSON.stringify(more) };
  return {
    file: launcher === undefined ? program : LAUNCHED,
    env: { ...stringsIn(process.env), DISPLAY: display.name, TMPDIR: home, HOME: home, ...more, ...relayed },
  };
}

function stringsIn(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Makes a folder and all in it somebody's. */
function give(path: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  chownSync(path, uid, gid);
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) chownSync(join(path, entry), uid, gid);
}
