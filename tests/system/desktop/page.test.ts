import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { askRunning } from '../running.ts';
import { desktopSuite, hasElectron, type OpenWindow, openWindow } from '../window/open-window.ts';

const lab = attachLab(inject('lab'));
/** Milliseconds; only a failure ever waits for it. */
const patience = { timeout: 20_000 };

describe.runIf(hasElectron)(`${desktopSuite}: its page`, () => {
  let window: OpenWindow;
  let app: ElectronApplication;
  const folder = mkdtempSync(join(tmpdir(), 'lk-page-'));

  beforeAll(async () => {
    // The app may be another user.
    chmodSync(folder, 0o777);
    window = await openWindow(lab, { shell: 'Electron' });
    if (window.app === undefined) throw new Error('the window is not in Electron');
    app = window.app;
    const { code } = await window.docker('run', '-v', '/var/run/docker.sock:/var/run/docker.sock', 'docker:cli');
    expect(code).not.toBe(0);
  });
  afterAll(async () => {
    await window?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('saves an export where the user wants it', async () => {
    const path = join(folder, 'export.csv');
    // In place of the box in which the system asks where.
    await app.evaluate(({ session }, chosen) => {
      session.defaultSession.on('will-download', (_event, item) => item.setSavePath(chosen));
    }, path);
    await window.page.getByRole('main').getByRole('button', { name: 'Export' }).click();
    await window.page.getByRole('menuitem', { name: 'As CSV' }).click();
    await expect
      .poll(() => existsSync(path) && readFileSync(path, 'utf8'), patience)
      .toMatch(/^time,outcome,command,.*\r\n.*,refused,/);
  });

  it('has its processes stand back where the gate needs the processor', async () => {
    const priorities = () =>
      app.evaluate(({ app: electron }) => {
        const { getPriority } = process.getBuiltinModule('node:os');
        return electron.getAppMetrics().map(({ pid, type }) => [type, getPriority(pid)] as const);
      });
    const of = (all: Awaited<ReturnType<typeof priorities>>, wanted: string) =>
      all.filter(([type]) => type === wanted).map(([, priority]) => priority);
    await expect.poll(async () => of(await priorities(), 'Tab'), patience).toEqual([10]);
    expect(of(await priorities(), 'Browser')).toEqual([0]);
  });

  it('comes back when its process has crashed, and the service does not notice', async () => {
    const before = await askRunning(window.state, 'status', {});
    const processes = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.webContents.getOSProcessId()));
    const text = () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          'document.querySelector("header")?.textContent',
        ),
      );
    const [crashed] = await processes();
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    await expect.poll(async () => (await processes())[0], patience).not.toBe(crashed);
    await expect.poll(text, patience).toContain('Enforcing');
    const { pid, startedAt } = await askRunning(window.state, 'status', {});
    expect({ pid, startedAt }).toEqual({ pid: before.pid, startedAt: before.startedAt });
  });
});
