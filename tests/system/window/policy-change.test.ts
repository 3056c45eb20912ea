import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { settingsJson } from '../running.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';

const SOCKET = ['-v', '/var/run/docker.sock:/var/run/docker.sock'];
const lab = attachLab(inject('lab'));
/** What the engine itself says to a push of an image that it does not have: Lockkeeper let it through. */
const PASSED = 'An image does not exist locally';

function runsPush(window: OpenWindow) {
  return window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'push', 'registry.test/app');
}
const newest = (window: OpenWindow) => window.page.getByRole('listbox').getByRole('option').first();
const dialog = (window: OpenWindow) => window.page.getByRole('dialog');
const button = (window: OpenWindow, name: string | RegExp) => window.page.getByRole('button', { name });

describe.runIf(browserPath)(`${windowSuite}: allowing what was blocked`, () => {
  let window: OpenWindow;

  beforeAll(async () => {
    // Not locked, and in the form that its author likes.
    const settings = settingsJson({ locked: false, images: ['docker:cli'], commands: ['push', 'system*'] });
    window = await openWindow(lab, { settings: JSON.stringify(JSON.parse(settings), null, '\t'), isUsers: true });
    await window.docker('pull', 'docker:cli');
    await window.docker('pull', 'alpine');
  });
  afterAll(() => window.close());

  it('shows a blocked push with a button, and the change before anything is written', async () => {
    const before = readFileSync(window.userSettings, 'utf8');
    const blocked = await runsPush(window);
    expect(blocked.stderr).toContain('is blocked');
    await newest(window).click();
    await button(window, 'Allow this …').click();
    await dialog(window).getByText('Stop denying what this request needs?').waitFor();
    await dialog(window).getByText(`This is written to ${window.userSettings}`).waitFor();
    expect(await dialog(window).locator('.removed').allTextContents()).toEqual([expect.stringContaining('"push"')]);
    expect(await dialog(window).locator('.added').count()).toBe(0);
    expect(await dialog(window).locator('li').allTextContents()).toContain('POST /images/{name}/push');
    expect(readFileSync(window.userSettings, 'utf8')).toBe(before);
  });

  it('writes it when it is told to, after which the push is not blocked any more', async () => {
    const before = readFileSync(window.userSettings, 'utf8');
    await dialog(window).getByRole('button', { name: 'Write it' }).click();
    const written = Date.now();
    await window.page.getByText(`Written to ${window.userSettings}; it is in force.`).waitFor();
    expect(Date.now() - written).toBeLessThan(5_000);
    const after = readFileSync(window.userSettings, 'utf8');
    expect(after).toBe(before.replace(/\t+"push",\n/, ''));
    const passed = await runsPush(window);
    expect(passed.stderr).toContain(PASSED);
    expect(passed.stderr).not.toContain('is blocked');
    await window.page.getByText('would not block this for that reason any more').waitFor();
  });

  it('has the change and who wrote it in the journal', async () => {
    const { stdout } = await window.cli('events', '--json', '--type', 'lifecycle', 'policy');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const detail = `${window.userSettings}: the command list does not deny ImagePush any more`;
    const at = events.findIndex((event) => event.what === 'settings-written' && event.detail === detail);
    expect(at).toBeGreaterThan(0);
    expect(events[at + 1]).toMatchObject({ type: 'policy', change: 'applied' });
    expect(Date.parse(events[at + 1].time) - Date.parse(events[at].time)).toBeLessThan(1_000);
  });

  it('lists an image, whose container then gets its socket', async () => {
    const alpine = ['run', '--rm', ...SOCKET, 'alpine', 'ls', '/var/run/docker.sock'];
    expect((await window.docker(...alpine)).code).not.toBe(0);
    await window.page.keyboard.press('Escape');
    await window.page.getByRole('listbox').getByText('container create').first().click();
    await button(window, 'Allow this …').click();
    await dialog(window).getByText('Let containers of alpine:latest have a filtered Docker socket?').waitFor();
    await dialog(window).getByRole('button', { name: 'Write it' }).click();
    await window.page.getByText('it is in force').waitFor();
    expect(await window.docker(...alpine)).toMatchObject({ code: 0 });
  });

  it('lists an image that no registry has by its ID, since its name would prove nothing', async () => {
    const local = ['run', '--rm', ...SOCKET, 'malicious-image', 'ls', '/var/run/docker.sock'];
    expect((await window.docker(...local)).code).not.toBe(0);
    await window.page.keyboard.press('Escape');
    await window.page.getByRole('listbox').getByText('malicious-image').first().click();
    await button(window, 'Allow this …').click();
    await dialog(window)
      .getByText(/Let containers of the image sha256:[0-9a-f]{64} have/)
      .waitFor();
    await dialog(window).locator('.added').first().waitFor();
    expect(await dialog(window).locator('.added').allTextContents()).toContainEqual(
      expect.stringMatching(/"sha256:[0-9a-f]{64}"/),
    );
    await dialog(window).getByRole('button', { name: 'Leave it' }).click();
    expect((await window.docker(...local)).code).not.toBe(0);
  });

  it('shows anew what is written when somebody has changed the file meanwhile', async () => {
    await window.page.keyboard.press('Escape');
    await window.docker('run', '--rm', ...SOCKET, 'docker:cli', 'docker', 'info');
    await window.page.getByRole('listbox').getByText('system info').first().click();
    await button(window, 'Allow this …').click();
    await dialog(window).locator('.removed').first().waitFor();
    const theirs = readFileSync(window.userSettings, 'utf8').replace('{', '{\n\t"theirs": 1,');
    writeFileSync(window.userSettings, theirs);
    await dialog(window).getByRole('button', { name: 'Write it' }).click();
    await dialog(window).getByRole('alert').getByText('has changed meanwhile').waitFor();
    expect(readFileSync(window.userSettings, 'utf8')).toBe(theirs);
    await dialog(window).getByRole('button', { name: 'Leave it' }).click();
  });

  it('gives the change as a snippet for a settings file', async () => {
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(window, 'Copy as policy snippet').click();
    await button(window, 'Copied').waitFor();
    const snippet = JSON.parse(String(await window.page.evaluate('navigator.clipboard.readText()')));
    const { type, commands } = snippet.enhancedContainerIsolation.dockerSocketMount.commandList;
    expect(type).toBe('deny');
    expect(commands).not.toContain('system*');
    expect(commands).toContain('system df');
  });
});

describe.runIf(browserPath)(`${windowSuite}: a locked policy`, () => {
  let window: OpenWindow;

  beforeAll(async () => {
    window = await openWindow(lab, { settings: { images: ['docker:cli'], commands: ['push'] } });
    await window.docker('pull', 'docker:cli');
  });
  afterAll(() => window.close());

  it('says on the button who locked it, and gives what to ask for', async () => {
    await runsPush(window);
    await newest(window).click();
    await button(window, `Locked by ${window.settings} …`).click();
    await dialog(window).getByText(`The policy is locked by ${window.settings}.`).waitFor();
    const snippet = JSON.parse((await dialog(window).locator('pre').textContent()) ?? '');
    const commandList = { type: 'deny', commands: [] };
    expect(snippet).toEqual({ enhancedContainerIsolation: { dockerSocketMount: { commandList } } });
    expect(await dialog(window).getByRole('button', { name: 'Write it' }).count()).toBe(0);
    await dialog(window).getByRole('button', { name: 'Close' }).click();
    expect(existsSync(window.userSettings)).toBe(false);
  });
});
