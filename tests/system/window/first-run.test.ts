import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listedPages } from '../../../shared/ipc/address.ts';
import { attachLab } from '../../lab/lab.ts';
import { barriers } from './accessible.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const lab = attachLab(inject('lab'));
const settings = { images: ['docker:cli'] };

const hash = ({ page }: OpenWindow) => new URL(page.url()).hash;
const check = ({ page }: OpenWindow, name: string) => page.getByRole('region', { name });
const button = ({ page }: OpenWindow, name: string) => page.getByRole('button', { name });
const activity = ({ page }: OpenWindow) => page.getByRole('main', { name: 'Activity' });
const firstRun = ({ page }: OpenWindow) => page.getByRole('main', { name: 'First run' });
const kept = ({ preferences }: OpenWindow) => JSON.parse(readFileSync(preferences, 'utf8')).firstRun;
/** Whether the keyboard is somewhere in a part of the page, or on it. */
const hasFocus = ({ page }: OpenWindow, name: string) =>
  page.getByRole('region', { name }).evaluate((region) => {
    const { activeElement, body } = region.ownerDocument;
    return activeElement !== body && (region.contains(activeElement) || activeElement?.contains(region) === true);
  });

describe.runIf(browserPath)(`${windowSuite}: first run`, () => {
  let window: OpenWindow;
  beforeAll(async () => {
    await lab.dockerOutput(['pull', '-q', 'busybox']);
    window = await openWindow(lab, { settings, isFirstRun: true });
  });
  afterAll(() => window?.close());

  it('is what the window opens with, and no page of the navigation', async () => {
    await check(window, 'Docker Engine').getByText('In order').waitFor();
    await firstRun(window).waitFor();
    expect(hash(window)).toBe('#/first-run');
    expect(await window.page.getByRole('navigation').getByRole('link').count()).toBe(listedPages.length);
  });

  it('has the checks come one after the other, and waits at the first that is not in order', async () => {
    await check(window, 'Policy').getByText('In order').waitFor();
    await check(window, 'Docker context').getByText('Needs attention').waitFor();
    expect(await window.page.getByRole('region').count()).toBe(3);
    await window.page.getByText('2 of 4 done').waitFor();
    expect(await barriers(window.page)).toEqual([]);
    await button(window, 'Check again').click();
    await window.page.getByText('2 of 4 done').waitFor();
    expect(await window.page.getByRole('region').count()).toBe(3);
  });

  it('moves shortly, and not at all for those who want no motion', async () => {
    const style = (name: string) =>
      window.page.evaluate(`getComputedStyle(document.querySelector('.first-run-step')).${name}`);
    expect(Number.parseFloat(String(await style('animationDuration')))).toBeLessThan(0.15);
    expect(await style('animationName')).not.toBe('none');
    await window.page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await style('animationName')).toBe('none');
    await window.page.emulateMedia({ reducedMotion: 'no-preference' });
  });

  it('lets the next come when the fix has worked, and takes the keyboard there', async () => {
    await button(window, 'Create and use').press('Enter');
    await check(window, 'Docker context').getByText('goes through Lockkeeper').waitFor();
    await check(window, 'A blocked mount, as proof').getByText('would be refused').waitFor();
    await window.page.getByText('3 of 4 done').waitFor();
    await expect.poll(() => hasFocus(window, 'A blocked mount, as proof')).toBe(true);
  });

  it('has a real container refused as proof, and then says what to do now', async () => {
    await window.page.keyboard.press('Tab');
    await window.page.keyboard.press('Enter');
    await check(window, 'A blocked mount, as proof').getByText('Just now a container of').waitFor();
    const end = check(window, 'What happens now');
    await end.getByText('The docker command comes through Lockkeeper').waitFor();
    expect(await end.locator('pre').textContent()).toBe(`export DOCKER_HOST=unix://${window.hostGate}`);
    await expect.poll(() => hasFocus(window, 'What happens now')).toBe(true);
    expect(await barriers(window.page)).toEqual([]);
    await window.page.getByText('4 of 4 done').waitFor();
  });

  it('ends at the activity, where the proof is, and does not come again', async () => {
    await button(window, 'Go to Activity').press('Enter');
    await activity(window).waitFor();
    expect(hash(window)).toBe('#/activity');
    await window.page.getByRole('option').getByText('container create').waitFor();
    await expect.poll(() => kept(window)).toBe('done');
    await window.page.goto(await window.link());
    await activity(window).waitFor();
    expect(hash(window)).toBe('');
  });

  it('does not come again after a restart at another port either', async () => {
    const before = window.address;
    await window.restart('other');
    expect(window.address).not.toBe(before);
    await window.page.goto(await window.link());
    await window.page.getByRole('banner').getByText('Enforcing').waitFor();
    await activity(window).waitFor();
  });

  it('is reached again from Set up', async () => {
    await window.page.goto(`${window.address}#/set-up`);
    await window.page.getByRole('link', { name: 'Go through the first run again' }).click();
    await firstRun(window).waitFor();
    await check(window, 'A blocked mount, as proof').waitFor();
  });

  it('keeps to its Content-Security-Policy', () => {
    expect(window.complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
  });
});

describe.runIf(browserPath)(`${windowSuite}: first run, passed over`, () => {
  let window: OpenWindow;
  beforeAll(async () => {
    window = await openWindow(lab, { settings, isFirstRun: true });
    await check(window, 'Docker context').waitFor();
  });
  afterAll(() => window?.close());

  it('lets somebody go where they want to while it is due', async () => {
    await window.page.goto(`${window.address}#/containers`);
    await window.page.getByRole('main', { name: 'Containers' }).waitFor();
    await window.page.goto(await window.link());
    await firstRun(window).waitFor();
  });

  it('goes on past what is not in order, keeps that in its address, and claims nothing at the end', async () => {
    await button(window, 'Go on without it').press('Enter');
    await check(window, 'A blocked mount, as proof').waitFor();
    await expect.poll(() => hasFocus(window, 'A blocked mount, as proof')).toBe(true);
    await window.page.reload();
    await button(window, 'Go on without trying').click();
    await check(window, 'What happens now').getByText('Nothing comes through Lockkeeper by itself yet').waitFor();
    expect(hash(window)).toBe('#/first-run?past=docker-context%2Cblocked-mount');
  });

  it('is skipped with one key, in every window, for good', async () => {
    await window.page.goto(await window.link());
    await check(window, 'Docker context').waitFor();
    expect(existsDone(window)).toBe(false);
    await button(window, 'Skip').press('Enter');
    await activity(window).waitFor();
    await expect.poll(() => existsDone(window)).toBe(true);
    const other = await window.page.context().newPage();
    await other.goto(await window.link());
    await other.getByRole('main', { name: 'Activity' }).waitFor();
    await other.close();
  });
});

function existsDone(window: OpenWindow): boolean {
  try {
    return kept(window) === 'done';
  } catch {
    return false;
  }
}
