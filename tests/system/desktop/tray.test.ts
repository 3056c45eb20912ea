import type { ElectronApplication } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { desktopSuite, hasElectron, type OpenWindow, openWindow } from '../window/open-window.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
const lab = attachLab(inject('lab'));

/** What the app has given the system to show. */
interface Shown {
  readonly icon: string;
  readonly rows: readonly string[];
  readonly notifications: readonly string[];
}

describe.runIf(hasElectron)(`${desktopSuite}: tray and notifications`, () => {
  let window: OpenWindow;
  let app: ElectronApplication;

  beforeAll(async () => {
    window = await openWindow(lab, { shell: 'Electron', settings: { images: ['docker:cli'], commands: ['push'] } });
    if (window.app === undefined) throw new Error('the window is not in Electron');
    app = window.app;
    await window.docker('pull', 'docker:cli');
    await noteShown(app);
    // What the user looks at is no news.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'push', 'alpine');
  });
  afterAll(() => window?.close());

  it('shows the state, and what was blocked last, where no tray is that would take it', async () => {
    await expect
      .poll(async () => (await shown(app)).rows.join('\n'))
      .toMatch(/image push {2}docker\.io\/library\/docker/);
    const { rows, icon } = await shown(app);
    expect(rows.slice(0, 2)).toEqual(['Enforcing', '1 exception · 1 blocked today']);
    expect(rows[2]).toMatch(/^engine \d/);
    expect(icon).toMatch(/\/icons\/blocked-(light|dark)\.png$/);
  });

  it('tells of it, in the words that the client was given', async () => {
    const { notifications } = await shown(app);
    expect(notifications).toHaveLength(1);
    expect(notifications[0]).toContain('enhanced container isolation: docker command');
  });

  it('copies DOCKER_HOST', async () => {
    await click(app, 'Copy DOCKER_HOST');
    expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(`DOCKER_HOST=unix://${window.hostGate}`);
  });

  it('leads from the menu to the decision, which has been seen then', async () => {
    await click(app, (await shown(app)).rows.find((row) => row.includes('image push')) ?? '');
    const panel = window.page.getByRole('complementary', { name: 'image push' });
    await panel.waitFor();
    await expect.poll(async () => (await shown(app)).icon).toMatch(/\/icons\/enforcing-(light|dark)\.png$/);
  });

  it('says in the menu that the policy cannot be used', async () => {
    window.write('{');
    await expect.poll(async () => (await shown(app)).icon).toContain('/icons/policy-error-');
    expect((await shown(app)).rows.join('\n')).toMatch(/^\d problems? …$/m);
  });

  it('quits from the menu', async () => {
    const closed = app.waitForEvent('close');
    await click(app, 'Quit Lockkeeper').catch(() => undefined);
    await closed;
  });
});

/** There is no tray and nobody who shows notifications: what the app gives them is kept in its main process. */
async function noteShown(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ Menu, Notification, Tray }) => {
    const noted = { icon: '', menu: new Menu(), notifications: [] as string[] };
    Object.assign(globalThis, { noted });
    Tray.prototype.setContextMenu = (menu) => {
      noted.menu = menu ?? noted.menu;
    };
    Tray.prototype.setImage = (icon) => {
      noted.icon = String(icon);
    };
    Notification.isSupported = () => true;
    Notification.prototype.show = function show() {
      noted.notifications.push(this.body);
    };
  });
}

function shown(app: ElectronApplication): Promise<Shown> {
  return app.evaluate(() => {
    const { noted } = globalThis as unknown as {
      noted: { icon: string; menu: Electron.Menu; notifications: string[] };
    };
    return { icon: noted.icon, rows: noted.menu.items.map(({ label }) => label), notifications: noted.notifications };
  });
}

function click(app: ElectronApplication, label: string): Promise<void> {
  return app.evaluate((_electron, wanted) => {
    const { noted } = globalThis as unknown as { noted: { menu: Electron.Menu } };
    const item = noted.menu.items.find((one) => one.label === wanted);
    if (item === undefined) throw new Error(`no item '${wanted}' in the menu`);
    item.click();
  }, label);
}
