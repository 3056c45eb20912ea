import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { desktopSuite, hasElectron, type OpenWindow, openWindow } from '../window/open-window.ts';
import { busMissing, type SessionBus, startSessionBus } from './session-bus.ts';
import { openTrayHost, type TrayHost, type TrayItem } from './tray-host.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
const lab = attachLab(inject('lab'));
/** Milliseconds; only a failure ever waits for it. */
const patience = { timeout: 20_000 };
const skipped = hasElectron && busMissing !== undefined ? ` (skipped: ${busMissing})` : '';

describe.runIf(hasElectron && busMissing === undefined)(`${desktopSuite}: tray and notifications${skipped}`, () => {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'b-'));
  let bus: SessionBus;
  let host: TrayHost;
  let item: TrayItem;
  let window: OpenWindow;
  let app: ElectronApplication;
  let noted: Awaited<ReturnType<typeof noteShown>>;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    bus = await startSessionBus(folder);
    host = await openTrayHost(bus.address);
    const settings = { images: ['docker:cli'], commands: ['push'] };
    const env = { DBUS_SESSION_BUS_ADDRESS: bus.address };
    window = await openWindow(lab, { shell: 'Electron', settings, env });
    if (window.app === undefined) throw new Error('the window is not in Electron');
    app = window.app;
    noted = await noteShown(app);
    item = await host.item;
    await window.docker('pull', 'docker:cli');
  });
  afterAll(async () => {
    await window?.close();
    host?.close();
    await bus?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the state from top to bottom', async () => {
    await expect.poll(item.menu, patience).toContain('Enforcing');
    const rows = await item.menu();
    expect(rows.slice(0, 2)).toEqual(['Enforcing', '1 exception · 0 blocked today']);
    expect(rows[2]).toMatch(/^engine \d/);
    expect(rows.slice(-1)).toEqual(['Quit Lockkeeper']);
    expect(await item.property('Status')).toBe('Active');
  });

  it('shows what was blocked, and tells of it in the words that the client was given', async () => {
    // What the user looks at is no news.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    const before = await item.property('IconPixmap');
    await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'push', 'alpine');
    await expect
      .poll(async () => (await item.menu()).join('\n'), patience)
      .toMatch(/image push {2}docker\.io\/library\/docker/);
    const { icon, notifications } = await noted();
    expect(icon).toMatch(/\/icons\/blocked-(light|dark)\.png$/);
    await expect.poll(() => item.property('IconPixmap'), patience).not.toEqual(before);
    expect(notifications).toEqual([expect.stringContaining('enhanced container isolation: docker command')]);
  });

  it('copies DOCKER_HOST', async () => {
    await item.click('Copy DOCKER_HOST');
    const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(copied, patience).toBe(`DOCKER_HOST=unix://${window.hostGate}`);
  });

  it('shows the policy file where it is', async () => {
    await app.evaluate(({ shell }) => {
      const shown: string[] = [];
      Object.assign(globalThis, { shown });
      shell.showItemInFolder = (path) => void shown.push(path);
    });
    await item.click('Show the policy file');
    const shown = () => app.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
    await expect.poll(shown, patience).toEqual([window.settings]);
  });

  it('speaks the language that is chosen in the window, at once', async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
    const choose = async (menu: string, language: string) => {
      await window.page.getByRole('button', { name: menu }).click();
      await window.page.getByRole('menuitemradio', { name: language, exact: true }).click();
      await window.page.keyboard.press('Escape');
    };
    await choose('Preferences', '简体中文');
    await expect.poll(item.menu, patience).toContain('退出 Lockkeeper');
    await choose('偏好设置', 'English');
    await expect.poll(item.menu, patience).toContain('Quit Lockkeeper');
  });

  it('leads from the menu to the decision, which has been seen then', async () => {
    await item.click((await item.menu()).find((row) => row.includes('image push')) ?? '');
    await window.page.getByRole('complementary', { name: 'image push' }).waitFor();
    await expect.poll(async () => (await noted()).icon, patience).toMatch(/\/icons\/enforcing-(light|dark)\.png$/);
  });

  it('observes for a while, and enforces again', async () => {
    expect((await item.menu()).join('\n')).not.toContain('Observe');
    window.write({ images: ['docker:cli'], commands: ['push'], locked: false });
    await expect.poll(item.menu, patience).toContain('Observe for 5 minutes');
    await item.click('Observe for 5 minutes');
    await expect.poll(async () => (await noted()).icon, patience).toContain('/icons/observing-');
    expect((await item.menu())[0]).toMatch(/^Observing until .+: nothing is blocked$/);
    await item.click('Enforce again');
    await expect.poll(item.menu, patience).toContain('Enforcing');
  });

  it('says that the policy cannot be used', async () => {
    window.write('{');
    await expect.poll(async () => (await noted()).icon, patience).toContain('/icons/policy-error-');
    await expect.poll(async () => (await item.menu()).join('\n'), patience).toMatch(/^\d problems? …$/m);
  });

  it('quits', async () => {
    const closed = app.waitForEvent('close');
    await item.click('Quit Lockkeeper').catch(() => undefined);
    await closed;
  });
});

/** Notes which icon is shown from now on, and the notifications, which nobody shows here. */
async function noteShown(app: ElectronApplication) {
  await app.evaluate(({ Notification, Tray }) => {
    const noted = { icon: '', notifications: [] as string[] };
    Object.assign(globalThis, { noted });
    const { setImage } = Tray.prototype;
    Tray.prototype.setImage = function noteImage(icon) {
      noted.icon = String(icon);
      setImage.call(this, icon);
    };
    Notification.isSupported = () => true;
    Notification.prototype.show = function show() {
      noted.notifications.push(this.body);
    };
  });
  return () =>
    app.evaluate(() => (globalThis as unknown as { noted: { icon: string; notifications: readonly string[] } }).noted);
}
