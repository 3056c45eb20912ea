import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright';
import { complaintsOf, type OpenShell, type ShellStart, type WindowOptions } from './shell.ts';

const BUILT = new URL('../../../../dist/main/lockkeeper.js', import.meta.url).pathname;
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; undefined where there is none. */
export const browserPath = CHROMIUM.find((path) => existsSync(path));
export const browserMissing =
  browserPath === undefined ? 'no Chromium; on Debian: apt-get install chromium' : undefined;

/** Starts the built program with its window, and opens that in Chromium as the printed link says. */
export async function openInChromium({ args, env, options }: ShellStart): Promise<OpenShell> {
  let port = '0';
  let link = '';
  const start = async () => {
    const words = [BUILT, 'serve', ...args, '--dashboard', port];
    const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    link = await printedLink(child);
    port = new URL(link).port;
    return child;
  };
  let child = await start();
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
  const { page, complaints } = await openPage(browser, link, options);
  return {
    page,
    complaints,
    get address() {
      return new URL('/', link).href;
    },
    async restart(where = 'same') {
      await ended(child);
      if (where === 'other') port = '0';
      child = await start();
    },
    async close() {
      await browser.close();
      await ended(child);
    },
  };
}

async function openPage(browser: Browser, link: string, { language = 'en-GB', colorScheme = 'light' }: WindowOptions) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: language, colorScheme });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
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

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}
