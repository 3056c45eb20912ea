import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { askRunning, eventually } from '../running.ts';
import { barriers } from '../window/accessible.ts';
import { desktopSuite, hasElectron } from '../window/open-window.ts';
import {
  type ElectronPlace,
  electronWords,
  preparePlace,
  runLaunched,
  startElectron,
} from '../window/shells/electron.ts';

const lab = attachLab(inject('lab'));
const CHECKOUT = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');
/** Milliseconds; only a failure ever waits for it. */
const patience = { timeout: 20_000 };

describe.runIf(hasElectron)(`${desktopSuite}: how it starts`, () => {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'm-'));
  const state = join(folder, 'a state');
  const args = ['--engine', 'unix:///no/engine.sock', '--host-gate', join(folder, 'g.sock'), '--state', state];
  const preferences = join(state, 'preferences.json');
  let place: ElectronPlace;
  let app: ElectronApplication;
  let page: Page;
  let entry: string;
  const windows = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  const menu = () => page.getByRole('button', { name: 'Preferences' });
  const item = (name: string) => page.getByRole('menuitemcheckbox', { name });

  beforeAll(async () => {
    mkdirSync(state);
    writeFileSync(preferences, '{ "version": 1, "firstRun": "done" }');
    place = await preparePlace(folder);
    const config = join(place.home, 'config');
    entry = join(config, 'autostart', 'lockkeeper.desktop');
    app = await startElectron(place, args, { XDG_CONFIG_HOME: config });
    page = await app.firstWindow();
    await page.getByRole('navigation').waitFor();
  });
  afterAll(async () => {
    await app?.close();
    await place?.display.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is started at login when that is chosen, as it was started now', async () => {
    await menu().click();
    expect(await item('Start at login').getAttribute('aria-checked')).toBe('false');
    await item('Start at login').click();
    await expect.poll(() => item('Start at login').getAttribute('aria-checked'), patience).toBe('true');
    const written = readFileSync(entry, 'utf8');
    expect(written).toContain(`"${CHECKOUT}" "--engine" "unix:///no/engine.sock"`);
    expect(written).toContain(`"--state" "${state}"`);
    await page.keyboard.press('Escape');
  });

  it('shows what the system says, when the entry was removed by hand', async () => {
    rmSync(entry);
    await menu().click();
    await expect.poll(() => item('Start at login').getAttribute('aria-checked'), patience).toBe('false');
  });

  it('says why it cannot be started at login', async () => {
    mkdirSync(entry);
    await item('Start at login').click();
    await page.getByRole('alert').getByText(`${entry} is a folder`).waitFor();
    // A path may be longer than the menu is wide.
    expect(await page.getByRole('alert').evaluate((alert) => alert.scrollWidth - alert.clientWidth)).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(await item('Start at login').getAttribute('aria-checked')).toBe('false');
    rmSync(entry, { recursive: true });
    await item('Start at login').click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await expect.poll(() => item('Start at login').getAttribute('aria-checked'), patience).toBe('true');
    await item('Start at login').click();
    await expect.poll(() => existsSync(entry), patience).toBe(false);
  });

  it('starts without its window when that is chosen, and shows it when it is started again', async () => {
    await item('Start without the window').click();
    await expect.poll(() => JSON.parse(readFileSync(preferences, 'utf8')).startMinimised, patience).toBe(true);
    await app.close();
    app = await startElectron(place, args);
    await eventually(async () => existsSync(join(state, 'control.sock')), 'it answers');
    expect((await askRunning(state, 'status', {})).state).toBe(state);
    expect(await windows()).toBe(0);
    const shown = app.waitForEvent('window');
    await runLaunched(electronWords(args), place);
    page = await shown;
    await page.getByRole('banner').getByText('engine unreachable').waitFor();
  });
});
