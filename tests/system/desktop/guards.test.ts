import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { desktopSuite, hasElectron, type OpenWindow, openWindow } from '../window/open-window.ts';

const lab = attachLab(inject('lab'));

describe.runIf(hasElectron)(`${desktopSuite}: what guards it`, () => {
  let window: OpenWindow;
  beforeAll(async () => {
    window = await openWindow(lab, { shell: 'Electron', settings: { images: ['docker:cli'], commands: ['push'] } });
  });
  afterAll(() => window?.close());

  it('opens and says in words how it stands', async () => {
    await window.page.getByRole('banner').getByText('Enforcing').waitFor();
    await window.page.getByRole('banner').getByText('1 exception').waitFor();
    console.log(
      await window.page.evaluate(() =>
        Object.keys(globalThis).filter((k) => /require|process|module|lockkeeper|electron/i.test(k)),
      ),
    );
  });
});
