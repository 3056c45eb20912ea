import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { askRunning } from '../running.ts';
import { desktopSuite, hasElectron, type OpenWindow, openWindow } from '../window/open-window.ts';
import { electronUser } from '../window/shells/electron.ts';
import { busMissing, type SessionBus, startSessionBus } from './session-bus.ts';
import { openTrayHost, type TrayHost, type TrayItem } from './tray-host.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
const lab = attachLab(inject('lab'));
/** Milliseconds; only a failure ever waits for it. */
const patience = { timeout: 20_000 };
const skipped = hasElectron && busMissing !== undefined ? ` (skipped: ${busMissing})` : '';

/** What a box of the system was to show. */
interface Asked {
  readonly detail: string;
  readonly buttons: readonly string[];
}

describe.runIf(hasElectron && busMissing === undefined)(`${desktopSuite}: quitting${skipped}`, () => {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'q-'));
  const config = join(folder, 'docker');
  let bus: SessionBus;
  let host: TrayHost;
  let item: TrayItem;
  let window: OpenWindow;
  let container: string;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    mkdirSync(config);
    chownSync(config, electronUser().uid, electronUser().gid);
    bus = await startSessionBus(folder);
    host = await openTrayHost(bus.address);
    const env = { DBUS_SESSION_BUS_ADDRESS: bus.address, DOCKER_CONFIG: config };
    window = await openWindow(lab, { shell: 'Electron', settings: { images: ['docker:cli'] }, env });
    item = await host.item;
    await window.docker('pull', '-q', 'docker:cli');
    container = (await window.docker('run', '-d', ...SOCKET, 'docker:cli', 'sleep', '600')).stdout.trim();
    expect(container).toMatch(/^[0-9a-f]{64}$/);
    await askRunning(window.state, 'setUp', { action: 'use-context' });
    expect(selectedContext()).toBe('lockkeeper');
  });
  afterAll(async () => {
    await lab.dockerOutput(['rm', '-f', container]);
    await window?.close();
    host?.close();
    await bus?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function selectedContext(): string {
    const file = join(config, 'config.json');
    return (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).currentContext) || 'default';
  }

  /** Has the boxes of the system answered by the button with these words; returns what they were to show. */
  async function answerWith(label: string): Promise<() => Promise<readonly Asked[]>> {
    const app = window.app;
    if (app === undefined) throw new Error('the window is not in Electron');
    await app.evaluate(({ dialog }, chosen) => {
      const asked: Asked[] = [];
      Object.assign(globalThis, { asked });
      const answer = async ({ detail = '', buttons = [] }: { detail?: string; buttons?: string[] }) => {
        asked.push({ detail, buttons });
        return { response: buttons.indexOf(chosen), checkboxChecked: false };
      };
      Object.assign(dialog, { showMessageBox: answer });
    }, label);
    return () => app.evaluate(() => (globalThis as unknown as { asked: readonly Asked[] }).asked);
  }

  async function quits(): Promise<void> {
    const closed = window.app?.waitForEvent('close');
    await item.click('Quit Lockkeeper').catch(() => undefined);
    await closed;
  }

  /** The tray's icon is registered anew by each run. */
  async function restart(): Promise<void> {
    host.close();
    host = await openTrayHost(bus.address);
    await window.restart();
    item = await host.item;
    await expect.poll(item.menu, patience).toContain('Enforcing');
  }

  it('says what stops working, and stays when that is wanted', async () => {
    const asked = await answerWith('Stay');
    await item.click('Quit Lockkeeper');
    await expect.poll(asked, patience).toHaveLength(1);
    const [{ detail, buttons } = { detail: '', buttons: [] }] = await asked();
    expect(detail).toContain('the Docker socket of 1 container does not answer (docker.io/library/docker:cli)');
    expect(detail).toContain('the context “lockkeeper” is selected');
    expect(buttons).toEqual(['Set the context back to “default” and quit', 'Quit', 'Stay']);
    expect((await window.docker('exec', container, 'docker', 'version')).code).toBe(0);
  });

  it('quits and leaves the docker context', async () => {
    await answerWith('Quit');
    await quits();
    expect(selectedContext()).toBe('lockkeeper');
    expect((await lab.docker(['exec', container, 'docker', 'version'])).code).not.toBe(0);
  });

  it('sets the docker context back and quits', async () => {
    await restart();
    await answerWith('Set the context back to “default” and quit');
    await quits();
    expect(selectedContext()).toBe('default');
  });

  it('asks nobody when a signal ends it', async () => {
    await restart();
    await answerWith('Stay');
    const { pid, holders } = await askRunning(window.state, 'status', {});
    expect(holders).toHaveLength(1);
    const closed = window.app?.waitForEvent('close');
    process.kill(pid, 'SIGTERM');
    await closed;
  });

  it('quits without a word when nothing stops working', async () => {
    await restart();
    await window.docker('rm', '-f', container);
    await expect.poll(async () => (await askRunning(window.state, 'status', {})).holders, patience).toEqual([]);
    await answerWith('Stay');
    await quits();
  });
});
