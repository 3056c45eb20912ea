import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, type ImageContent } from '../../lab/lab.ts';
import { barriers } from './accessible.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
/** Ignored by git; for people to look at. */
const SCREENSHOTS = new URL('../../../dist/screenshots', import.meta.url).pathname;
const lab = attachLab(inject('lab'));
const version = (text: string): ImageContent => ({ from: 'alpine', files: { '/version': text } });

describe.runIf(browserPath)(`${windowSuite}: allow list`, () => {
  let window: OpenWindow;
  const page = () => window.page;
  const grid = () => page().getByRole('grid', { name: 'Entries of the image list' });
  const row = (entry: string) => grid().getByRole('row', { name: entry });
  const panel = () => page().getByRole('complementary');
  const navigation = () => page().getByRole('navigation');
  const away = 'no-such-registry.test/away:1';
  const ours = ['window/stale:1', 'window/used:1', 'window/fine:1', 'window/absent:1', 'window/*:2'];
  const images = [...ours, away, 'docker:cli'];

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    for (const name of ['stale', 'used', 'fine']) await lab.publish(`window/${name}:1`, version(`${name} 1`));
    await lab.publish('window/wild:2', version('wild'));
    for (const name of ['window/stale:1', 'window/used:1', 'window/fine:1', 'window/wild:2', 'docker:cli']) {
      await lab.dockerOutput(['pull', '-q', name]);
    }
    await lab.dockerOutput(['tag', 'window/fine:1', away]);
    await lab.publish('window/stale:1', version('stale 2'));
    await lab.publish('window/used:1', version('used 2'));
    await lab.dockerOutput(['create', '--name', 'window-stopped', 'window/used:1', 'true']);
    window = await openWindow(lab, { settings: { images, allowDerivedImages: true } });
  });
  afterAll(async () => {
    await window?.close();
    await lab.docker(['rm', '-f', 'window-stopped', 'window-holder']);
    await lab.docker(['rmi', away]);
  });

  /** In both themes and at both sizes. */
  async function shoot(name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [width, height] of [
        [1200, 800],
        [900, 600],
      ] as const) {
        await page().emulateMedia({ colorScheme });
        await page().setViewportSize({ width, height });
        await page().screenshot({ path: join(SCREENSHOTS, `${name}-${colorScheme}-${width}.png`) });
      }
    }
    await page().emulateMedia({ colorScheme: 'light' });
    await page().setViewportSize({ width: 1200, height: 800 });
  }

  it('says beside its name in the navigation how many entries are stale', async () => {
    await navigation().getByText('2 stale').waitFor();
    await navigation().getByRole('link', { name: 'Allow list' }).click();
    await grid().waitFor();
  });

  it('shows each entry with its state in a word', async () => {
    await row('window/stale:1').getByText('Stale', { exact: true }).waitFor();
    await row('window/fine:1').getByText('Match').waitFor();
    await row('window/absent:1').getByText('Not at the registry').waitFor();
    await row('window/*:2').getByText('Not confirmed yet').waitFor();
    await page().getByRole('button', { name: 'Ask the registries' }).click();
    await row('window/*:2').getByText('Match').waitFor();
    await shoot('allow-list');
  });

  it('names what keeps a registry from telling, and says what to do', async () => {
    await row(away).getByText('Name not found').click();
    await panel().getByText('Check how it is spelled, and the DNS of the machine').waitFor();
    await panel().getByText('no-such-registry.test could not be reached, since DNS has no address').first().waitFor();
    await page().keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
  });

  it('filters by name and by state', async () => {
    const filter = page().getByRole('searchbox', { name: 'Filter the entries' });
    await filter.fill('not at the');
    await expect.poll(() => grid().getByRole('row').count()).toBe(2);
    await filter.fill('wild:2');
    await row('window/*:2').waitFor();
    await filter.fill('nowhere');
    await page().getByText('No entry fits the filter “nowhere”.').waitFor();
    await page().getByRole('button', { name: 'Show all entries' }).click();
    await expect.poll(() => grid().getByRole('row').count()).toBe(images.length + 1);
  });

  it('walks through the entries by keyboard, with the panel beside them', async () => {
    await row('window/stale:1').click();
    await panel().getByText('so containers of it are refused a Docker socket. Refresh it.').waitFor();
    await page().keyboard.press('ArrowDown');
    await page().getByRole('complementary', { name: 'window/used:1' }).waitFor();
    await page().keyboard.press('End');
    await page().getByRole('complementary', { name: 'docker:cli' }).waitFor();
    await panel().getByText('docker.io/library/docker:cli', { exact: true }).waitFor();
    expect(new URL(page().url()).hash).toContain('entry=docker%3Acli');
    await page().keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
  });

  it('names the containers that hold a socket by an entry, as soon as they do', async () => {
    await row('window/fine:1').click();
    const created = await window.docker('create', '--name', 'window-holder', ...SOCKET, 'window/fine:1', 'true');
    expect(created).toMatchObject({ code: 0, stderr: '' });
    await panel().getByText('window-holder').waitFor();
    await shoot('allow-list-entry');
    await lab.docker(['rm', 'window-holder']);
    await panel().getByText('window-holder').waitFor({ state: 'detached' });
  });

  it('leads from a refusal to the entry, and through a refresh to a container that starts', async () => {
    const refused = await window.docker('run', '--rm', ...SOCKET, 'window/stale:1', 'true');
    expect(refused.stderr).toContain("its digest differs from the registry's");
    await navigation().getByRole('link', { name: 'Activity' }).click();
    await page().getByRole('listbox').getByRole('option').first().click();
    await panel().getByRole('link', { name: 'Show in the allow list' }).click();
    await page().getByRole('complementary', { name: 'window/stale:1' }).waitFor();
    await page().goBack();
    await panel().getByRole('link', { name: 'Refresh the image …' }).click();

    const dialog = page().getByRole('dialog', { name: 'Refresh window/stale:1?' });
    await dialog.getByText('docker image rm window/stale:1').waitFor({ state: 'attached' });
    await shoot('refresh-dialog');
    await dialog.getByRole('button', { name: 'Pull window/stale:1' }).click();
    await page().getByRole('region', { name: 'window/stale:1' }).getByText('Refreshed').waitFor();
    await row('window/stale:1').getByText('Match').waitFor();
    expect(await window.docker('run', '--rm', ...SOCKET, 'window/stale:1', 'true')).toMatchObject({ code: 0 });
  });

  it('names the containers of the old image, and removes them only when that is chosen', async () => {
    await navigation().getByText('1 stale').waitFor();
    await page().getByRole('button', { name: 'Refresh all stale …' }).click();
    const dialog = page().getByRole('dialog');
    await dialog.getByText('window-stopped').waitFor();
    await dialog.getByText('Remove 1 stopped container').click();
    await shoot('refresh-dialog-containers');
    expect(await barriers(page())).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove 1 container and pull' }).click();
    await page().getByText('Removed containers: window-stopped').waitFor();
    await row('window/used:1').getByText('Match').waitFor();
    await expect.poll(() => navigation().getByText('stale').count()).toBe(0);
    await shoot('allow-list-refreshed');
    const old = page().getByRole('region', { name: 'window/used:1' });
    await old.getByRole('button', { name: 'Dismiss' }).click();
    await old.waitFor({ state: 'detached' });
  });

  it('keeps the dialog open, with the reason, when nothing can be refreshed', async () => {
    await page().goto(`${window.address}#/allow-list?refresh=alpine`);
    const dialog = page().getByRole('dialog');
    await dialog.getByText('no entry of the image list names docker.io/library/alpine:latest').waitFor();
    expect(await dialog.getByRole('button', { name: 'Pull' }).count()).toBe(0);
    await page().keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('teaches what to write while the list is empty, and shows an entry that cannot be read', async () => {
    window.write({ images: [] });
    await page().getByText('The image list is empty').waitFor();
    await page().getByText('docker.io/localstack/localstack:*').waitFor();
    await shoot('allow-list-empty');
    window.write({ images: ['window/fine:1', 'docker:'] });
    await row('docker:').getByText('Bad reference').waitFor();
    await row('docker:').click();
    await panel().getByText('the policy from before stays in force').waitFor();
    await shoot('allow-list-bad');
    window.write({ images });
    await row('window/fine:1').getByText('Match').waitFor();
  });

  it('has no barriers that axe finds, and keeps to its Content-Security-Policy', async () => {
    await row('window/fine:1').click();
    await panel().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page().emulateMedia({ colorScheme });
      expect(await barriers(page())).toEqual([]);
    }
    expect(window.complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
  });
});
