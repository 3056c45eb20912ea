import type { ElectronApplication, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Bridge } from '../../../shared/ipc/bridge.ts';
import { REQUEST_CAP } from '../../../shared/ipc/contract.ts';
import { attachLab } from '../../lab/lab.ts';
import { desktopSuite, hasElectron, type OpenWindow, openWindow } from '../window/open-window.ts';
import { inForeignPage } from './main-process.ts';

const lab = attachLab(inject('lab'));
/** Milliseconds; only a failure ever waits for it. */
const patience = { timeout: 20_000 };

describe.runIf(hasElectron)(`${desktopSuite}: the bridge`, () => {
  let window: OpenWindow;
  let app: ElectronApplication;
  let page: Page;
  let said = '';

  beforeAll(async () => {
    window = await openWindow(lab, { shell: 'Electron' });
    if (window.app === undefined) throw new Error('the window is not in Electron');
    ({ app, page } = { app: window.app, page: window.page });
    app.process().stderr?.on('data', (data: Buffer) => {
      said += data.toString();
    });
  });
  afterAll(() => window?.close());

  /** Opens a line beside the page's own, sends one thing on it so often as one text, and returns what came until it was closed. */
  const send = (text: string, times = 1) =>
    page.evaluate(
      ([unit, count]) => {
        const { lockkeeper } = globalThis as unknown as { lockkeeper: Bridge };
        const came: string[] = [];
        return new Promise<readonly string[]>((resolve) => {
          const line = lockkeeper.open(
            (texts) => came.push(...texts),
            () => resolve(came),
          );
          line.send(unit.repeat(count));
        });
      },
      [text, times] as const,
    );

  const lives = async () => {
    expect((await window.cli('status')).code).toBe(0);
    await page.getByRole('banner').getByText('Enforcing').waitFor();
  };

  it.each([
    ['no JSON', '{'],
    ['a frame that is not in the contract', '{"id":1,"delete":"everything"}'],
    ['a frame with something more', '{"id":1,"request":"status","input":{},"as":"root"}'],
  ])('ends a line that brings %s, with the reason, and lives', async (_what, frame) => {
    const [hello, answer, ...more] = await send(frame);
    expect(hello).toContain('"hello"');
    expect(JSON.parse(answer ?? '')).toMatchObject({ answer: { ok: false, error: { name: 'invalid-request' } } });
    expect(more).toEqual([]);
    await lives();
  });

  it('ends a line that brings more than a request may have, and lives', async () => {
    const [, answer] = await send('x', REQUEST_CAP + 1);
    expect(JSON.parse(answer ?? '')).toMatchObject({ answer: { ok: false, error: { name: 'too-large' } } });
    expect(await send('x', 64 * REQUEST_CAP)).toEqual([expect.stringContaining('"hello"')]);
    await lives();
  });

  it.each([
    ['an object', { id: 1 }],
    ['a number', 7],
    ['bytes', [1, 2, 3]],
  ])('refuses a message with %s in place of a frame, and lives', async (_what, frame) => {
    const before = said;
    await page.evaluate((sent) => {
      const { lockkeeper } = globalThis as unknown as { lockkeeper: Bridge };
      const line = lockkeeper.open(
        () => undefined,
        () => undefined,
      );
      line.send(sent as unknown as string);
      line.close();
    }, frame);
    await expect.poll(() => said.slice(before.length), patience).toContain('it is not as the bridge says');
    await lives();
  });

  it.each([
    ['an empty page', 'about:blank'],
    ['our own page in a window that is not ours', 'app://lockkeeper/'],
  ])('says nothing to %s', async (_what, url) => {
    const before = said;
    const script = `
      const came = [];
      const line = lockkeeper.open((texts) => came.push(...texts), () => undefined);
      line.send('{"id":1,"request":"status","input":{}}');
      new Promise((resolve) => requestAnimationFrame(() => resolve(came)) || setTimeout(() => resolve(came), 0))`;
    expect(await inForeignPage(app, { url, script, hasBridge: true })).toEqual([]);
    await expect.poll(() => said.slice(before.length), patience).toContain('only our window may send any');
    await lives();
  });

  it('gives the page a line anew when it is loaded again', async () => {
    await page.reload();
    await lives();
  });
});
