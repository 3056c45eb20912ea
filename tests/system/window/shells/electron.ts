import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
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
  return undefined;
}

/** The user that the app runs as; a launcher may have one of its own. */
export function electronUser(): { readonly uid: number; readonly gid: number } {
  const words = ['id', '-u', ';', 'id', '-g'].join(' ');
  const [file, ...args] = [...(launcher === undefined ? [] : [launcher]), 'sh', '-c', words];
  const { stdout } = spawnSync(file ?? 'sh', args, { encoding: 'utf8' });
  const [uid = '', gid = ''] = stdout.trim().split('\n');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Starts the built app on a display of its own. */
export async function openInElectron({ args, folder }: ShellStart): Promise<OpenShell> {
  const display = await openDisplay();
  const user = electronUser();
  const own = join(folder, 'electron');
  mkdirSync(own, { mode: 0o700 });
  give(folder, user);
  let app = await start(display, own, args);
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
      app = await start(display, own, args);
      page = await app.firstWindow();
    },
    async close() {
      await app.close();
      await display.close();
    },
  };
}

/** The app as its executable is given `args`, without waiting for a window. */
export function start(display: Display, folder: string, args: readonly string[]): Promise<ElectronApplication> {
  const relayed = { ELECTRON_BINARY: binary ?? '', RELAY_FOLDER: folder };
  return _electron.launch({
    executablePath: launcher === undefined ? (binary ?? '') : LAUNCHED,
    // Software rendering from the start: there is no GPU behind Xvfb, and the search for one takes a second.
    args: ['--disable-gpu', CHECKOUT, ...args],
    chromiumSandbox: true,
    env: { ...stringsIn(process.env), DISPLAY: display.name, TMPDIR: folder, HOME: folder, ...relayed },
  });
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
