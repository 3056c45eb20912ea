import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const lab = attachLab(inject('lab'));

describe.runIf(browserPath)(`${windowSuite}: preferences`, () => {
  let window: OpenWindow;
  let other: Page;
  const theme = (page: Page) => page.evaluate('document.documentElement.dataset.theme');
  const language = (page: Page) => page.evaluate('document.documentElement.lang');
  const choose = async (page: Page, label: string, option: string) => {
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('menuitemradio', { name: option, exact: true }).click();
    await page.keyboard.press('Escape');
  };

  beforeAll(async () => {
    window = await openWindow(lab);
    other = await window.page.context().newPage();
    await other.goto(await window.link());
    await other.getByRole('navigation').getByText('Activity').waitFor();
  });
  afterAll(() => window?.close());

  it('are the system’s until somebody chooses', async () => {
    expect(await theme(window.page)).toBeUndefined();
    expect(await language(window.page)).toBe('en');
  });

  it('have nothing about the start of a service that was started by hand', async () => {
    const line = other.waitForEvent('websocket');
    await other.reload();
    const told = (await line).waitForEvent('framereceived', {
      predicate: ({ payload }) => payload.toString().includes('"not-offered"'),
    });
    await other.getByRole('button', { name: 'Preferences' }).click();
    await told;
    await other.getByRole('menuitemradio', { name: 'Dark' }).waitFor();
    expect(await other.getByRole('menuitemcheckbox').count()).toBe(0);
    await other.keyboard.press('Escape');
  });

  it('are followed by every window, and leave nothing in the browser', async () => {
    await choose(window.page, 'Preferences', 'Dark');
    for (const page of [window.page, other]) await expect.poll(() => theme(page)).toBe('dark');
    await choose(other, 'Preferences', '简体中文');
    for (const page of [window.page, other]) {
      await page.getByRole('navigation').getByText('活动').waitFor();
      expect(await language(page)).toBe('zh-CN');
    }
    expect(await other.evaluate('Object.keys(localStorage)')).toEqual(['lockkeeper.proof']);
  });

  it('are there after a restart at another port', async () => {
    await window.restart('other');
    await window.page.goto(await window.link());
    await window.page.getByRole('navigation').getByText('活动').waitFor();
    expect(await theme(window.page)).toBe('dark');
    await choose(window.page, '偏好设置', '浅色');
    await expect.poll(() => theme(window.page)).toBe('light');
  });

  it('count for this run where they cannot be written, and the header says so until they can', async () => {
    rmSync(window.preferences);
    mkdirSync(window.preferences);
    await choose(window.page, '偏好设置', 'English');
    const problems = window.page.getByRole('list', { name: 'Problems' });
    await problems.getByText(`${window.preferences} cannot be written`).waitFor();
    expect(await language(window.page)).toBe('en');
    rmSync(window.preferences, { recursive: true });
    await choose(window.page, 'Preferences', 'Dark');
    await problems.waitFor({ state: 'detached' });
    expect(await theme(window.page)).toBe('dark');
  });

  it('are the system’s again where the file is broken, and nothing else suffers', async () => {
    writeFileSync(window.preferences, '{ "version": 1, "theme": "da');
    await window.restart();
    await window.page.goto(await window.link());
    await window.page.getByRole('list', { name: 'Problems' }).getByText(`${window.preferences} is not used`).waitFor();
    await window.page.getByRole('main', { name: 'First run' }).waitFor();
    await expect.poll(() => theme(window.page)).toBeUndefined();
    await window.page.getByRole('button', { name: 'Skip' }).click();
    await window.page.getByRole('list', { name: 'Problems' }).waitFor({ state: 'detached' });
  });
});
