import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { barriers } from './accessible.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const lab = attachLab(inject('lab'));
const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];

describe.runIf(browserPath)(`${windowSuite}: the policy`, () => {
  let window: OpenWindow;
  const text = () => window.page.getByRole('textbox', { name: 'Your settings file' });
  const button = (name: string) => window.page.getByRole('button', { name });
  const value = (name: string) => window.page.getByRole('row').filter({ has: window.page.getByText(name) });
  let first = '';
  const show = () => window.page.goto(new URL('#/policy', window.address).href);

  describe('that nobody locks', () => {
    beforeAll(async () => {
      window = await openWindow(lab, { isUsers: true });
      first = readFileSync(window.userSettings, 'utf8');
      await window.docker('pull', '-q', 'docker:cli');
      await show();
    });
    afterAll(() => window?.close());

    it('is written from an example, after its difference was shown, and is in force at once', async () => {
      expect((await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'true')).code).not.toBe(0);
      await window.page.getByLabel('Begin with').selectOption('test-tools');
      await window.page.getByText('No mistake in it.').waitFor();
      expect(await window.page.locator('.difference').innerText()).toContain('+           "docker:cli"');
      await button('Write and apply').click();
      await window.page.getByText('and in force.').waitFor();
      expect(JSON.parse(readFileSync(window.userSettings, 'utf8')).configurationFileVersion).toBe(2);
      await expect.poll(() => value('imageList.images').innerText()).toContain('docker:cli');
      expect(await value('imageList.images').innerText()).toContain('your own file');
      expect((await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'true')).code).toBe(0);
    });

    it('is checked with every letter, and a mistake is not written', async () => {
      const before = readFileSync(window.userSettings, 'utf8');
      await text().fill('{\n  "enhancedContainerIsolation": { "valu": true }\n}');
      await window.page.getByRole('button', { name: '2:35' }).click();
      expect(await window.page.evaluate('document.activeElement.selectionStart')).toBe(36);
      expect(await button('Write and apply').isDisabled()).toBe(true);
      await button('Discard the changes').click();
      expect(await text().inputValue()).toBe(before);
    });

    it('can be had back', async () => {
      await button('Undo: load what was there before').click();
      await button('Write and apply').click();
      await expect.poll(() => value('imageList.images').innerText()).toContain('[]');
      expect(readFileSync(window.userSettings, 'utf8')).toBe(first);
    });

    it('is observed for a while, which the header says, with the way back', async () => {
      await button('Observe for 5 minutes').click();
      const header = window.page.locator('.header');
      await header.getByText(/^Observing until .+: nothing is blocked$/).waitFor();
      expect(await button('Observe for 15 minutes').count()).toBe(0);
      expect((await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'true')).code).toBe(0);
      await window.page.goto(new URL('#/activity', window.address).href);
      await window.page.getByRole('option').filter({ hasText: 'Would be blocked' }).first().click();
      await window.page.getByText('It went on all the same, since Lockkeeper only observed then.').waitFor();
      expect(await barriers(window.page)).toEqual([]);
      await header.getByRole('button', { name: 'Enforce again' }).click();
      await header.getByText('Enforcing').waitFor();
      expect((await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'true')).code).not.toBe(0);
      await show();
    });

    it('is not written over what somebody else has written', async () => {
      await text().fill('{ "configurationFileVersion": 2 }');
      const others = '{ "enhancedContainerIsolation": { "value": true } }';
      writeFileSync(window.userSettings, others, { mode: 0o600 });
      await button('Write and apply').click();
      await window.page.getByText('has changed meanwhile').waitFor();
      expect(readFileSync(window.userSettings, 'utf8')).toBe(others);
      expect(window.complaints).toEqual([]);
    });
  });

  describe('that is locked', () => {
    beforeAll(async () => {
      window = await openWindow(lab, { settings: { images: ['docker:cli'], locked: true } });
      await show();
    });
    afterAll(() => window?.close());

    it('can only be read, and says by which file', async () => {
      await window.page.getByText(`The policy is locked by ${window.settings}`).waitFor();
      expect(await value('imageList.images').innerText()).toContain('locked');
      expect(await text().count()).toBe(0);
      expect(await button('Observe for 5 minutes').count()).toBe(0);
      expect(existsSync(window.userSettings)).toBe(false);
    });
  });
});
