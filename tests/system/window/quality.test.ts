import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type PageName, pageNames } from '../../../shared/ipc/address.ts';
import { catalogues, languages } from '../../../shared/texts/catalogues.ts';
import { attachLab } from '../../lab/lab.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const lab = attachLab(inject('lab'));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2 with everything before it, levels A and AA. */
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Not in git: to be looked at after a run. */
const SHOTS = new URL('../../../.cache/screenshots/', import.meta.url).pathname;
const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
const themes = ['light', 'dark'] as const;
const WIDE = { width: 1200, height: 800 };
/** The smallest window, and what is left of it at 200 % zoom. */
const SMALL = [
  { width: 900, height: 600 },
  { width: 450, height: 300 },
];

describe.runIf(browserPath).each(languages)(`${windowSuite}: quality in %s`, (language) => {
  const texts = catalogues[language].translation;
  let window: OpenWindow;

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    const settings = { images: ['docker:cli', 'localstack/localstack:*', 'nowhere.invalid/ci:1'], commands: ['push'] };
    window = await openWindow(lab, { settings, language });
    for (const image of ['docker:cli', 'alpine']) await window.docker('pull', '-q', image);
    await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'push', 'alpine');
    await window.docker('run', '--rm', ...SOCKET, 'alpine', 'true');
  });
  afterAll(() => window.close());

  /** Shows a page and waits until it has what it shows. */
  async function show(page: PageName) {
    await window.page.goto(new URL(`#/${page}`, window.address).href);
    await window.page.getByRole('main', { name: texts.pages[page], exact: true }).waitFor();
    if (page === 'set-up' || page === 'first-run') await window.page.locator('main .checks > li').first().waitFor();
    for (const waiting of [texts.common.loading, texts.setUp.checking]) {
      await window.page.getByText(waiting).waitFor({ state: 'detached' });
    }
  }

  describe.each(themes)('%s', (colorScheme) => {
    beforeAll(async () => {
      await window.page.emulateMedia({ colorScheme });
      await window.page.setViewportSize(WIDE);
    });

    it.each(pageNames)('%s has nothing that axe finds against WCAG 2.2 AA', async (page) => {
      await show(page);
      await window.page.screenshot({ path: join(SHOTS, `${page}-${colorScheme}-${language}.png`) });
      expect(await violations(window)).toEqual([]);
    });

    it('neither has an open decision', async () => {
      await show('activity');
      await window.page.getByRole('listbox').getByRole('option').first().click();
      await window.page.getByRole('complementary').waitFor();
      await window.page.screenshot({ path: join(SHOTS, `activity-decision-${colorScheme}-${language}.png`) });
      expect(await violations(window)).toEqual([]);
    });
  });

  it.each(['light', 'dark'] as const)('nor has the end of the first run, %s', async (colorScheme) => {
    await window.page.emulateMedia({ colorScheme });
    await window.page.setViewportSize(WIDE);
    await window.page.goto(new URL('#/first-run?past=policy,docker-context,blocked-mount', window.address).href);
    await window.page.getByRole('region', { name: texts.firstRun.now.title }).waitFor();
    await window.page.screenshot({ path: join(SHOTS, `first-run-end-${colorScheme}-${language}.png`) });
    expect(await violations(window)).toEqual([]);
  });

  describe.each(SMALL)('at $width × $height', (size) => {
    it.each(pageNames)('%s fits the width', async (page) => {
      await window.page.setViewportSize(size);
      await show(page);
      await window.page.screenshot({ path: join(SHOTS, `${page}-${size.width}-${language}.png`) });
      expect(await window.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      const main = await window.page.locator('main').boundingBox();
      expect(main?.width).toBeGreaterThan(size.width / 2);
      expect(main?.height).toBeGreaterThan(size.height / 3);
    });
  });
});

/** What breaks which rule, in a form that says in a failed test what to look at. */
async function violations({ page }: OpenWindow): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: STANDARD } });
  const results = await page.evaluate<AxeResults>(`axe.run(${options})`);
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html, target }) => `${id}: ${target}: ${html}`));
}
