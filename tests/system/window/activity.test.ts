import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { type OpenWindow, openWindow, shells } from './open-window.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
const lab = attachLab(inject('lab'));

for (const { name: shell, suite, isThere } of shells)
  describe.runIf(isThere)(`${suite}: activity`, () => {
    let window: OpenWindow;
    const rows = () => window.page.getByRole('listbox').getByRole('option');

    beforeAll(async () => {
      window = await openWindow(lab, { shell, settings: { images: ['docker:cli'], commands: ['push'] } });
      await window.docker('pull', 'docker:cli');
      await window.docker('pull', 'alpine');
    });
    afterAll(() => window.close());

    it('teaches how to see something blocked while nothing was', async () => {
      await window.page.getByText('Nothing was blocked yet.').waitFor();
      expect(await window.page.locator('main pre').textContent()).toContain(`unix://${window.hostGate} run`);
    });

    it('shows a blocked push within a second of the message in the container', async () => {
      const run = await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'push', 'alpine');
      expect(run.code).not.toBe(0);
      await rows().first().waitFor({ timeout: 1_000 });
      const row = await rows().first().textContent();
      expect(row).toContain('Blocked');
      expect(row).toContain('image push');
      expect(row).toContain('docker:cli');
      expect(row).toContain('command denied');
    });

    it('says in one sentence what happened, by which rule of which file, and what to do', async () => {
      await rows().first().click();
      const panel = window.page.getByRole('complementary');
      const text = (await panel.textContent()) ?? '';
      expect(text).toContain('The command list denies “image push” through Docker sockets in containers.');
      expect(text).toContain('take the command out of the deny list');
      expect(text).toContain('deny "push"');
      expect(text).toContain(window.settings);
      expect(text).toContain('/images/docker.io/library/alpine/push?tag=latest');
      expect(text).toContain('enhanced container isolation: docker command');
      await window.page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
    });

    it('walks through the list by keyboard, with the panel beside it', async () => {
      await window.docker('run', '--rm', ...SOCKET, 'alpine', 'true');
      await rows().nth(1).waitFor();
      await window.page.getByRole('listbox').focus();
      await window.page.keyboard.press('Home');
      await window.page.getByRole('complementary', { name: 'container create' }).waitFor();
      await window.page.keyboard.press('ArrowDown');
      await window.page.getByRole('complementary', { name: 'image push' }).waitFor();
      expect(await rows().nth(1).getAttribute('aria-selected')).toBe('true');
      expect(new URL(window.page.url()).hash).toContain('event=');
    });

    it('finds by operators and says what it did not understand', async () => {
      const search = window.page.getByRole('searchbox');
      await search.fill('reason:not-listed');
      await expect.poll(() => rows().count()).toBe(1);
      await search.fill('since:yesterday');
      await window.page.getByText('Not understood: since:yesterday').waitFor();
      await search.fill('image:nowhere');
      await window.page.getByText('Nothing fits the search.').waitFor();
      await search.fill('');
    });

    it('groups by image, and leads from a group to its decisions', async () => {
      await window.page.getByLabel('Group by').selectOption('image');
      await window.page.getByRole('button', { name: 'docker.io/library/alpine:latest' }).click();
      await expect.poll(() => rows().count()).toBe(1);
      expect(await window.page.getByRole('searchbox').inputValue()).toBe('image:docker.io/library/alpine:latest');
      await window.page.getByRole('searchbox').fill('');
    });

    it('says so when Lockkeeper is gone, and goes on by itself when it is back', async () => {
      await window.restart();
      // A browser that is open may go on; the app is its own server, and shows the page when it is back.
      if (shell === 'Chromium') await window.page.goto(await window.link());
      await window.page.getByText('Enforcing').waitFor();
    });

    it('keeps to its Content-Security-Policy', () => {
      expect(window.complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
    });
  });
