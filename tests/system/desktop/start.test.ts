import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { ElectronApplication } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { CommandResult } from '../../lab/command.ts';
import { attachLab } from '../../lab/lab.ts';
import { askRunning, eventually } from '../running.ts';
import { desktopSuite, hasElectron } from '../window/open-window.ts';
import {
  type ElectronPlace,
  electronWords,
  preparePlace,
  runLaunched,
  startElectron,
} from '../window/shells/electron.ts';

const lab = attachLab(inject('lab'));
/** How long the other Lockkeeper may run; it is ended long before. */
const OTHER_MS = 300_000;
const CLI = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;

/** Where the test keeps the service's thread in the app's process. */
interface ServiceThread {
  readonly serviceThread: Worker;
}

describe.runIf(hasElectron)(`${desktopSuite}: start and end`, () => {
  mkdirSync(lab.work, { recursive: true });
  const folder = mkdtempSync(join(lab.work, 'd-'));
  const state = join(folder, 's');
  const hostGate = join(folder, 'g.sock');
  const args = ['--engine', 'unix:///no/engine.sock', '--host-gate', hostGate, '--state', state];
  let place: ElectronPlace;
  let app: ElectronApplication;
  let other: Promise<CommandResult> | undefined;
  const startAgain = () => runLaunched(electronWords(args), place);
  const windows = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

  beforeAll(async () => {
    place = await preparePlace(folder);
  });
  afterAll(async () => {
    await app?.close();
    await place?.display.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses to open its window without the sandbox', async () => {
    const [file, ...words] = electronWords(args);
    const { code, stderr } = await runLaunched([file, '--no-sandbox', ...words], place);
    expect(code).toBe(2);
    expect(stderr).toContain('is not opened without its sandbox');
    expect(existsSync(state)).toBe(false);
  });

  it('says what is wrong with its command line', async () => {
    const { code, stderr } = await runLaunched(electronWords(['--dashboard', 'x']), place);
    expect(code).toBe(2);
    expect(stderr).toContain("option '--dashboard <port>' argument 'x' is invalid");
  });

  it('says in its window that another Lockkeeper has the state folder', async () => {
    other = runLaunched([process.execPath, CLI, 'serve', ...args], place, OTHER_MS);
    await eventually(async () => existsSync(join(state, 'control.sock')), 'the other one answers');
    // Also where it is started without its window.
    app = await startElectron(place, ['--hidden', ...args]);
    const page = await app.firstWindow();
    await page.getByRole('heading', { name: 'Lockkeeper has not started' }).waitFor();
    const { pid } = await askRunning(state, 'status', {});
    expect(await page.getByRole('alert').textContent()).toContain(`process ${pid}`);
  });

  it('goes on in that window when the other one is gone, and it is started again', async () => {
    process.kill((await askRunning(state, 'status', {})).pid, 'SIGTERM');
    expect((await other)?.code).toBe(0);
    await app.evaluate(() => {
      process.once('worker', (serviceThread) => void Object.assign(globalThis, { serviceThread }));
    });
    expect(await startAgain()).toMatchObject({
      code: 0,
      stdout: 'lockkeeper: it runs already, and shows its window\n',
    });
    await app.windows()[0]?.getByRole('banner').getByText('engine unreachable').waitFor();
  });

  it('says so when the thread of the service has ended without a word, and serves again when it is started again', async () => {
    await app.evaluate(() => (globalThis as unknown as ServiceThread).serviceThread.terminate());
    const [page] = app.windows();
    await page?.getByRole('heading', { name: 'Lockkeeper has stopped' }).waitFor();
    expect(await page?.getByRole('alert').textContent()).toContain('its thread has ended');
    await startAgain();
    await page?.getByRole('banner').getByText('engine unreachable').waitFor();
    expect((await askRunning(state, 'status', {})).hostGate).toBe(hostGate);
  });

  it('serves on when its window is closed, and shows it again when it is started again', async () => {
    const [page] = app.windows();
    await page?.close();
    await eventually(async () => (await windows()) === 0, 'the window is closed');
    expect((await askRunning(state, 'status', {})).hostGate).toBe(hostGate);
    const shown = app.waitForEvent('window');
    await startAgain();
    await (await shown).getByRole('banner').getByText('engine unreachable').waitFor();
    expect(await windows()).toBe(1);
  });

  it('shows its window again when macOS tells it that it was started again', async () => {
    await app.windows()[0]?.close();
    await eventually(async () => (await windows()) === 0, 'the window is closed');
    const shown = app.waitForEvent('window');
    await app.evaluate(({ app: itself }) => itself.emit('activate'));
    await (await shown).getByRole('banner').getByText('engine unreachable').waitFor();
    expect(await windows()).toBe(1);
  });

  it('takes its sockets away when it is told to end', async () => {
    const { pid } = await askRunning(state, 'status', {});
    const closed = app.waitForEvent('close');
    process.kill(pid, 'SIGTERM');
    await closed;
    expect(existsSync(hostGate)).toBe(false);
    expect(existsSync(join(state, 'control.sock'))).toBe(false);
  });
});
