import type { ElectronApplication } from 'playwright';

const PRELOAD = new URL('../../../dist/preload/preload.cjs', import.meta.url).pathname;

/** What a page of somebody else's is given, in a window that the app did not open. */
export interface ForeignPage {
  readonly url: string;
  /** Run in the page; its value comes back. */
  readonly script: string;
  readonly hasBridge?: boolean;
  readonly hasWebviews?: boolean;
}

/** Opens one more window in the app, as a bug of ours might, and runs a script in it. Rejects when it cannot be loaded. */
export function inForeignPage(app: ElectronApplication, page: ForeignPage): Promise<unknown> {
  return app.evaluate(
    async ({ BrowserWindow, session }, { url, script, hasBridge, hasWebviews, preload }) => {
      const bridge = hasBridge === true ? { preload } : {};
      const webPreferences = { ...bridge, webviewTag: hasWebviews === true, session: session.defaultSession };
      const window = new BrowserWindow({ show: false, webPreferences });
      try {
        await window.loadURL(url);
        return await window.webContents.executeJavaScript(script);
      } finally {
        window.destroy();
      }
    },
    { ...page, preload: PRELOAD },
  );
}

/** Starts a web server within the app's own reach; returns its address. */
export function serveInside(app: ElectronApplication): Promise<string> {
  return app.evaluate(async () => {
    const { createServer } = process.getBuiltinModule('node:http');
    const seen: string[] = [];
    Object.assign(globalThis, { requestsSeen: seen });
    const server = createServer(({ url = '' }, response) => {
      seen.push(url);
      response.end('<p>somebody else');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
}

/** What that server was asked for. */
export function requestsSeen(app: ElectronApplication): Promise<readonly string[]> {
  return app.evaluate(() => (globalThis as unknown as { requestsSeen: string[] }).requestsSeen);
}

/** Notes navigations of the window from now on, and whether the app has stopped them. */
export async function noteNavigations(
  app: ElectronApplication,
): Promise<() => Promise<readonly (readonly [string, boolean])[]>> {
  await app.evaluate(({ BrowserWindow }) => {
    const noted: [string, boolean][] = [];
    Object.assign(globalThis, { noted });
    for (const { webContents } of BrowserWindow.getAllWindows())
      webContents.on('will-frame-navigate', (event) => noted.push([event.url, event.defaultPrevented]));
  });
  return () => app.evaluate(() => (globalThis as unknown as { noted: [string, boolean][] }).noted);
}

/** Has addresses that would go to the user's browser noted in place of that. */
export async function noteOpened(app: ElectronApplication): Promise<() => Promise<readonly string[]>> {
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url) => void opened.push(url);
  });
  return () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
}
