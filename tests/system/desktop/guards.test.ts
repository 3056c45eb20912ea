import type { ElectronApplication, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { desktopSuite, hasElectron, type OpenWindow, openWindow } from '../window/open-window.ts';
import { inForeignPage, noteNavigations, noteOpened, requestsSeen, serveInside } from './main-process.ts';

const lab = attachLab(inject('lab'));
/** Milliseconds; only a failure ever waits for it. */
const patience = { timeout: 20_000 };
const ADDRESS = 'app://lockkeeper/';

describe.runIf(hasElectron)(`${desktopSuite}: what guards it`, () => {
  let window: OpenWindow;
  let app: ElectronApplication;
  let page: Page;
  let server: string;

  beforeAll(async () => {
    window = await openWindow(lab, { shell: 'Electron', settings: { images: ['docker:cli'], commands: ['push'] } });
    if (window.app === undefined) throw new Error('the window is not in Electron');
    ({ app, page } = { app: window.app, page: window.page });
    server = await serveInside(app);
  });
  afterAll(() => window?.close());

  it('opens and says in words how it stands', async () => {
    await page.getByRole('banner').getByText('Enforcing').waitFor();
    await page.getByRole('banner').getByText('1 exception').waitFor();
    expect(page.url()).toBe(ADDRESS);
  });

  it('has its pages with a Content-Security-Policy as a header, and keeps to it', async () => {
    const headers = await app.evaluate(async ({ session }, url) => {
      const answer = await session.defaultSession.fetch(url);
      return Object.fromEntries(answer.headers);
    }, ADDRESS);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("connect-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(window.complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
  });

  it('has nothing of Node or Electron in the page but the bridge', async () => {
    const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'];
    expect(await page.evaluate((all) => all.filter((name) => name in globalThis), names)).toEqual([]);
    const bridge = await page.evaluate(() => Object.keys((globalThis as unknown as { lockkeeper: object }).lockkeeper));
    expect(bridge).toEqual(['open']);
  });

  it('has its page in a sandbox of the system', async () => {
    const status = await app.evaluate(({ BrowserWindow }) => {
      const [ours] = BrowserWindow.getAllWindows();
      return process
        .getBuiltinModule('node:fs')
        .readFileSync(`/proc/${ours?.webContents.getOSProcessId()}/status`, 'utf8');
    });
    // 2: a filter of system calls is in force (proc_pid_status(5)).
    expect(status).toMatch(/^Seccomp:\s+2$/m);
  });

  it('opens no window, and gives the system only what is on the list', async () => {
    const opened = await noteOpened(app);
    const listed = 'https://docs.docker.com/engine/';
    const all = [`${server}/beside`, 'file:///etc/passwd', 'https://docs.docker.com.example/', 'about:blank', listed];
    const windows = await page.evaluate(`${JSON.stringify(all)}.map((url) => open(url) === null)`);
    expect(windows).toEqual(all.map(() => true));
    await expect.poll(opened, patience).toEqual([listed]);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('denies its page what pages can ask for', async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'];
    const states = `Promise.all(${JSON.stringify(names)}.map(async (name) => (await navigator.permissions.query({ name })).state))`;
    expect(await page.evaluate(states)).toEqual(names.map(() => 'denied'));
    expect(await page.evaluate('Notification.requestPermission()')).toBe('denied');
    const place = 'new Promise((given) => navigator.geolocation.getCurrentPosition(given, ({ code }) => given(code)))';
    // 1: PERMISSION_DENIED (W3C Geolocation, section 7).
    expect(await page.evaluate(place)).toBe(1);
  });

  it('lets its page copy text, as its buttons do', async () => {
    await page.getByRole('main').getByRole('button', { name: 'Copy' }).first().click();
    await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  });

  it('reaches no network from its page', async () => {
    const reached = await page.evaluate(
      (url) =>
        fetch(url).then(
          () => 'reached',
          ({ name }: Error) => name,
        ),
      server,
    );
    expect(reached).toBe('TypeError');
    expect(await requestsSeen(app)).toEqual([]);
  });

  it('reaches no network from a page whose policy would let it', async () => {
    const load = inForeignPage(app, { url: `${server}/page`, script: '1' });
    await expect(load).rejects.toThrow('ERR_BLOCKED_BY_CLIENT');
    const script = `fetch('${server}/data').then(() => 'reached', ({ name }) => name)`;
    expect(await inForeignPage(app, { url: 'about:blank', script })).toBe('TypeError');
    expect(await requestsSeen(app)).toEqual([]);
  });

  it('attaches no webview, not even where a page may have one', async () => {
    const script = `
      const view = document.createElement('webview');
      view.src = 'app://lockkeeper/';
      document.body.append(view);
      new Promise((resolve) => {
        view.addEventListener('did-attach', () => resolve('attached'));
        view.addEventListener('destroyed', () => resolve('refused'));
      })`;
    expect(await inForeignPage(app, { url: 'about:blank', script, hasWebviews: true })).toBe('refused');
  });

  // Last: Playwright waits for navigations that it has seen begin.
  it.each([
    ['the web', () => `${server}/elsewhere`],
    ['a file', () => 'file:///etc/passwd'],
    ['a host that begins like ours', () => 'app://lockkeeper.example/'],
  ])('does not go to %s', async (_where, url) => {
    const noted = await noteNavigations(app);
    await page.evaluate(`Object.assign(document.createElement('a'), { href: '${url()}' }).click()`);
    // Chromium itself keeps pages from file: addresses, without a question.
    if (!url().startsWith('file:')) await expect.poll(noted, patience).toEqual([[url(), true]]);
    expect(await page.evaluate('location.href')).toBe(ADDRESS);
  });
});
