import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Browser, chromium, type Page } from 'playwright';
import { type ElectronPlace, ledOut, preparePlace, SWITCHES } from './electron.ts';
import { complaintsOf, type OpenShell, type ShellStart } from './shell.ts';

interface Started {
  readonly browser: Browser;
  readonly page: Page;
  readonly ended: Promise<unknown>;
}

/**
 * Starts a package's program on a display of its own. Its fuses keep Node's debugger out of the main process, so that
 * only Chromium's is spoken to, which has the pages.
 */
export async function openPackaged({ args, folder, options }: ShellStart): Promise<OpenShell> {
  const program = options.packaged ?? '';
  const place = await preparePlace(folder);
  let app = await start(program, place, args);
  return {
    get page() {
      return app.page;
    },
    complaints: complaintsOf(app.page),
    address: 'app://lockkeeper/',
    async restart() {
      await quit(app);
      app = await start(program, place, args);
    },
    async close() {
      await quit(app);
      await place.display.close();
    },
  };
}

async function start(program: string, place: ElectronPlace, args: readonly string[]): Promise<Started> {
  const { file, env } = ledOut(program, place);
  const words = [...SWITCHES, '--remote-debugging-port=0', ...args];
  // In a group of its own: what the launcher has started ends with it.
  const child = spawn(file, words, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const browser = await chromium.connectOverCDP(await debuggerOf(child));
    const page = await windowOf(browser);
    await page.getByRole('navigation').waitFor();
    return { browser, page, ended };
  } catch (error) {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    throw error;
  }
}

/** Where Chromium's debugger is, as it says in its first lines. */
function debuggerOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaints = '';
    // Standard error was asked for as a pipe.
    createInterface({ input: child.stderr as Readable }).on('line', (line) => {
      complaints += `${line}\n`;
      const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the packaged app ended with ${code}: ${complaints}`)));
  });
}

async function windowOf(browser: Browser): Promise<Page> {
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('the packaged app has no session');
  return context.pages()[0] ?? context.waitForEvent('page');
}

async function quit({ browser, ended }: Started): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  // The answer may not come any more.
  void session.send('Browser.close').catch(() => undefined);
  await ended;
}
