import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { request } from '../../lab/request.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const lab = attachLab(inject('lab'));

describe.runIf(browserPath)(`${windowSuite}: commands`, () => {
  let window: OpenWindow;
  const row = (name: string) =>
    window.page
      .getByRole('row')
      .filter({ has: window.page.getByRole('rowheader').locator('code').getByText(name, { exact: true }) });
  const panel = () => window.page.getByRole('complementary');

  beforeAll(async () => {
    window = await openWindow(lab, { settings: { commands: ['push', 'volume*'] } });
    await window.page.goto(new URL('#/commands', window.address).href);
  });
  afterAll(() => window?.close());

  it('say of each what becomes of it, and by which entry', async () => {
    await window.page.getByText(`Blocked by the command list: push, volume*.`).waitFor();
    expect(await row('push').innerText()).toMatch(/push.*Blocked.*image\*.*deny "push"/s);
    expect(await row('volume ls').innerText()).toMatch(/Blocked.*deny "volume\*"/s);
    expect(await row('ps').innerText()).toContain('Allowed');
    expect(await row('build').innerText()).toContain('Partly');
  });

  it('are found by their requests, and walked with the keyboard', async () => {
    await window.page.getByRole('searchbox').fill('/images/{name}/push');
    await window.page.getByText('1 command').waitFor();
    await row('push').click();
    await panel().getByText('The policy (deny "push") refuses a request').waitFor();
    await window.page.getByRole('searchbox').fill('volume');
    await row('volume create').click();
    await window.page.keyboard.press('ArrowDown');
    await expect.poll(() => panel().getByRole('heading', { level: 2 }).innerText()).toBe('docker volume inspect');
    await window.page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
    await window.page.getByRole('searchbox').fill('');
  });

  it('follow the policy, and say what a filtered socket then does', async () => {
    window.write({ type: 'allow', commands: ['ps'] });
    await window.page.getByText('The command list allows ps, and nothing else.').waitFor();
    expect(await row('push').innerText()).toContain('Blocked');
    expect(await row('ps').innerText()).toContain('Allowed');
    expect((await request(window.standing, '/v1.41/containers/json')).status).toBe(200);
    expect((await request(window.standing, '/v1.41/volumes')).status).toBe(403);
    expect(window.complaints).toEqual([]);
  });
});
