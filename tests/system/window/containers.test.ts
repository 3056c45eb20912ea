import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { barriers } from './accessible.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
const lab = attachLab(inject('lab'));

describe.runIf(browserPath)(`${windowSuite}: containers`, () => {
  let window: OpenWindow;
  const row = (name: string) => window.page.getByRole('row', { name });
  const panel = () => window.page.getByRole('complementary');
  const navigation = () => window.page.getByRole('navigation');

  beforeAll(async () => {
    for (const image of ['docker:cli', 'busybox']) await lab.dockerOutput(['pull', '-q', image]);
    window = await openWindow(lab, { settings: { images: ['docker:cli'], commands: ['push'] } });
    await window.page.goto(`${window.address}#/containers`);
  });
  afterAll(async () => {
    const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=window-containers']);
    if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
    await window.close();
  });
  const LABEL = ['--label', 'test=window-containers'];

  it('teaches how a container comes to hold a socket while none does', async () => {
    await window.page.getByText('No container holds a Docker socket.').waitFor();
    expect(await window.page.locator('main pre').textContent()).toContain(`docker -H unix://${window.hostGate} run`);
  });

  it('lists a container with its entry as soon as it has a socket, and counts what it asks', async () => {
    const run = await window.docker('run', '-d', ...LABEL, '--name', 'ci', ...SOCKET, 'docker:cli', 'sleep', '600');
    expect(run.stderr).toBe('');
    await row('ci').waitFor();
    await expect.poll(() => row('ci').textContent(), { timeout: 20_000 }).toContain('Filtered');
    await window.docker('exec', 'ci', 'docker', 'push', 'alpine');
    await expect.poll(() => row('ci').getByRole('gridcell').last().textContent(), { timeout: 20_000 }).toBe('1');
  });

  it('says first, on every page, who is past Lockkeeper, and what to do', async () => {
    const args = ['run', '-d', ...LABEL, '--name', 'portainer', '-v', `${lab.engineSocket}:/x.sock`];
    await lab.dockerOutput([...args, 'busybox', 'sleep', '600']);
    await row('portainer').waitFor();
    expect(await window.page.getByRole('row').nth(1).textContent()).toMatch(/^portainer.*Past Lockkeeper/);
    await navigation().getByText('1 unfiltered').waitFor();
    await window.page.getByRole('banner').getByText('1 container commands the engine past Lockkeeper').waitFor();
    await row('portainer').click();
    await panel().getByText('docker rm -f portainer').waitFor();
    expect(await panel().textContent()).toContain(lab.engineSocket);
  });

  it('has no barriers, in neither theme', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.page.emulateMedia({ colorScheme });
      expect(await barriers(window.page), colorScheme).toEqual([]);
    }
    await window.page.emulateMedia({ colorScheme: 'light' });
  });

  it('is walked by keyboard, with the panel beside it and its place in the address', async () => {
    await window.page.keyboard.press('ArrowDown');
    await window.page.getByRole('complementary', { name: 'ci' }).waitFor();
    expect(new URL(window.page.url()).hash).toMatch(/^#\/containers\?container=[0-9a-f]{64}$/);
    await window.page.reload();
    await window.page.getByRole('complementary', { name: 'ci' }).waitFor();
  });

  it('cuts a container off with one click, and gives its socket back with another', async () => {
    const id = await lab.dockerOutput(['inspect', '-f', '{{.Id}}', 'ci']);
    const asked = async () => (await window.docker('exec', 'ci', 'docker', 'ps', '-q')).stderr;
    expect(await asked()).toBe('');
    await panel().getByRole('button', { name: 'Cut off' }).click();
    await expect.poll(() => row('ci').textContent()).toContain('Cut off');
    expect(await asked()).toContain('this container was cut off from Docker');
    await panel().getByRole('button', { name: 'Give its socket back' }).click();
    await expect.poll(() => row('ci').textContent()).toContain('Filtered');
    expect(await asked()).toBe('');
    const link = panel().getByRole('link', { name: /of them blocked/ });
    expect(await link.getAttribute('href')).toContain(id.slice(0, 12));
    await window.page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
  });

  it('is filtered by words, and says when nothing fits', async () => {
    const filter = window.page.getByRole('searchbox');
    await filter.fill('past busybox');
    await expect.poll(() => window.page.getByRole('row').count()).toBe(2);
    await filter.fill('nobody');
    await window.page.getByText('No container fits the filter.').waitFor();
    await window.page.getByRole('button', { name: 'Clear the filter' }).click();
    await row('ci').waitFor();
  });

  it('shows a container go', async () => {
    await lab.dockerOutput(['rm', '-f', 'portainer']);
    await row('portainer').waitFor({ state: 'detached' });
    await navigation().getByText('1 unfiltered').waitFor({ state: 'detached' });
  });

  it('keeps to its Content-Security-Policy', () => {
    expect(window.complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
  });
});
