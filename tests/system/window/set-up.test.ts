import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkNames } from '../../../shared/ipc/set-up.ts';
import { attachLab } from '../../lab/lab.ts';
import { barriers } from './accessible.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const lab = attachLab(inject('lab'));

describe.runIf(browserPath)(`${windowSuite}: set up`, () => {
  let window: OpenWindow;
  const check = (name: string) => window.page.getByRole('region', { name });

  beforeAll(async () => {
    await lab.dockerOutput(['pull', '-q', 'busybox']);
    window = await openWindow(lab, { settings: { images: ['docker:cli'] } });
    await window.page.goto(`${window.address}#/set-up`);
  });
  afterAll(() => window.close());

  it('says of each thing whether it is in order, and counts in the navigation what is not', async () => {
    await check('Docker context').getByText('Needs attention').waitFor();
    expect(await check('Docker Engine').textContent()).toContain(lab.engineUrl);
    expect(await check('Policy').textContent()).toContain(`${window.settings} is in force and locked`);
    expect(await window.page.getByRole('region').count()).toBe(checkNames.length);
    expect(await check('Limits').textContent()).toContain('No client has wanted more than one may have');
    await window.page.getByRole('navigation').getByText('1 problem').waitFor();
  });

  it('has no barriers, in neither theme', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.page.emulateMedia({ colorScheme });
      expect(await barriers(window.page), colorScheme).toEqual([]);
    }
    await window.page.emulateMedia({ colorScheme: 'light' });
  });

  it('leads the docker command to Lockkeeper with one click, and back with another', async () => {
    const context = async () =>
      (await window.docker('context', 'ls', '--format', '{{.Name}} {{.DockerEndpoint}}')).stdout;
    await check('Docker context').getByRole('button', { name: 'Create and use' }).click();
    await check('Docker context').getByText('goes through Lockkeeper').waitFor();
    expect(await context()).toContain(`lockkeeper unix://${window.hostGate}`);
    await window.page.getByRole('navigation').getByText('1 problem').waitFor({ state: 'detached' });
    await check('Docker context').getByRole('button', { name: 'Go back to the context “default”' }).click();
    await check('Docker context').getByText('Needs attention').waitFor();
  });

  it('shows as proof a real container being refused, which then is an event like others', async () => {
    const proof = check('A blocked mount, as proof');
    await proof.getByText('would be refused the Docker socket').waitFor();
    await proof.getByRole('button', { name: 'Try it with a real container' }).click();
    await proof.getByText('Just now a container of').waitFor();
    expect(await proof.textContent()).toContain('enhanced container isolation: docker socket mount denied');
    await window.page.getByRole('navigation').getByText('1 blocked').waitFor();
  });

  it('shows only what needs attention, when that is what is wanted', async () => {
    await window.page.getByText('Show only what needs attention').click();
    await expect.poll(() => window.page.getByRole('region').count()).toBeLessThan(11);
    await check('Docker context').waitFor();
    expect(new URL(window.page.url()).hash).toBe('#/set-up?only=problems');
    await window.page.getByText('Show only what needs attention').click();
  });

  it('says what is wrong with the policy when it is checked again, and in the navigation by itself', async () => {
    window.write('{ "enhancedContainerIsolation": ');
    await window.page.getByRole('navigation').getByText('2 problems').waitFor();
    await window.page.getByRole('button', { name: 'Check again' }).click();
    await check('Policy').getByText('Needs attention').waitFor();
    expect(await check('Policy').textContent()).toContain(window.settings);
    window.write({ images: ['docker:cli'] });
    await window.page.getByRole('navigation').getByText('1 problem', { exact: true }).waitFor();
  });

  it('keeps to its Content-Security-Policy', () => {
    expect(window.complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
  });
});
