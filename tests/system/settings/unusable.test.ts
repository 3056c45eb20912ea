import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import { attachLab, request } from '../../lab/lab.ts';
import { unusableFiles } from '../../unit/main/settings/unusable-files.ts';
import { eventually, type SettingsWords, settingsJson } from '../running.ts';
import { prepareServing, type Serving } from './serving.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/s';
let serving: Serving;

beforeAll(() => lab.dockerOutput(['pull', '-q', 'alpine']));
beforeEach(() => {
  serving = prepareServing(lab);
});
afterEach(() => serving.remove());

function put(text: string): void {
  writeFileSync(`${serving.settings}.new`, text, { mode: 0o644 });
  renameSync(`${serving.settings}.new`, serving.settings);
}

const good = (words: SettingsWords = { commands: ['ps'] }) => settingsJson(words);
const onStanding = (path: string) => request(serving.standing, path);
const status = async () => (await serving.cli('status')).stdout;
const docker = (...args: string[]) => lab.docker(args, { host: `unix://${serving.hostGate}` });

const MISSING = 'The file does not exist, but --settings names it.';
/** Only an administrator's file that is missing is looked into. */
const kinds = unusableFiles.filter(({ says }) => !says.includes('does not exist'));

/** Takes the place of the settings away, whatever stands there. */
function clear(): void {
  const folder = dirname(serving.settings);
  for (const path of [folder, `${folder}.other`]) rmSync(path, { recursive: true, force: true });
}

/** What holds without a usable policy, and what is told. */
async function expectClosed(says: string): Promise<void> {
  await expectRefusals(says);
  const told = await status();
  expect(told).toMatch(/^No usable policy: /);
  expect(told).toContain(`! ${says}`);
}

async function expectRefusals(says: string): Promise<void> {
  const body = { Image: 'alpine', HostConfig: { Binds: [BIND] } };
  const mounting = await request(serving.hostGate, '/containers/create', { method: 'POST', body });
  expect(mounting.status).toBe(403);
  expect(JSON.parse(mounting.body).message).toContain(says);
  expect((await request(serving.hostGate, '/containers/json')).status).toBe(200);
  for (const path of ['/_ping', '/version', '/v1.41/_ping']) expect((await onStanding(path)).status, path).toBe(200);
  for (const path of ['/info', '/containers/json', '/images/json', '/events', '/nobody/knows']) {
    const refused = await onStanding(path);
    expect(refused.status, path).toBe(403);
    expect(JSON.parse(refused.body).message, path).toContain(says);
  }
}

describe('without any policy so far', () => {
  it('docker cannot mount the socket, and goes on without', async () => {
    put('{');
    await serving.start();
    expect(serving.complaints()).toContain(`${serving.settings}:1:2: The file is not valid JSON`);
    const mounting = await docker('run', '--rm', '-v', BIND, 'alpine', 'true');
    expect(mounting.code).toBe(125);
    expect(mounting.stderr).toContain('docker socket mount denied for container with image');
    expect(mounting.stderr).toContain(`the policy is not valid`);
    expect(mounting.stderr).toContain(`${serving.settings}:1:2: The file is not valid JSON`);
    expect(await docker('run', '--rm', 'alpine', 'echo', 'goes on')).toMatchObject({ code: 0, stdout: 'goes on\n' });
    const { stdout } = await serving.cli('policy');
    expect(stdout).toMatch(/^NO USABLE POLICY: /);
    expect(stdout).toContain(`${serving.settings}:1:2: The file is not valid JSON`);
  });

  it('is so with every kind of file that cannot be used, and everybody is told', async () => {
    put('{');
    await serving.start();
    const control = await connectControl({ path: join(serving.state, 'control.sock') });
    if (!control.ok) throw new Error(control.error.message);
    const isTold = async (says: string) => {
      const answer = await control.value.request('status', {});
      return answer.ok && answer.value.problems.some(({ text }) => text === says);
    };
    for (const { what, spoil, says: words } of kinds) {
      const says = words.replaceAll('FILE', serving.settings).replaceAll('FOLDER', dirname(serving.settings));
      clear();
      await eventually(() => isTold(`${serving.settings}: ${MISSING}`), `the place is empty before ${what}`);
      spoil(serving.settings);
      await eventually(() => isTold(says), `${what}: ${says}`);
      await expectRefusals(says);
    }
    control.value.close();
    clear();
    mkdirSync(dirname(serving.settings), { mode: 0o755 });
    put(good());
    await eventually(async () => (await onStanding('/info')).status === 200, 'a mended file counts');
    expect((await onStanding('/containers/json')).status).toBe(403);
    expect(await status()).toMatch(/^Enforcing /);
  });
});

describe('the last good policy', () => {
  const kept = () => join(serving.state, 'last-good-policy.json');
  const stays = () => {
    const { storedAt } = JSON.parse(readFileSync(kept(), 'utf8'));
    return `! ${kept()}: The last good policy, of ${storedAt}, stays in force until that is mended.`;
  };
  const expectOldPolicy = async () => {
    const refused = await onStanding('/containers/json');
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('deny \\"ps\\"');
    expect((await onStanding('/info')).status).toBe(200);
    expect(await status()).toMatch(/^Enforcing /);
    expect(await status()).toContain(stays());
  };

  it('stays while the file is gone, through kill -9 and a start, until the file is back', async () => {
    put(good());
    await serving.start();
    rmSync(serving.settings);
    await eventually(async () => (await status()).includes('does not exist'), 'the loss is told');
    await expectOldPolicy();
    await serving.kill('SIGKILL');
    await serving.start();
    expect(serving.complaints()).toContain(`${serving.settings}: ${MISSING}`);
    expect(serving.complaints()).toContain(stays().slice(2));
    await expectOldPolicy();
    put(good({ commands: ['images'] }));
    await eventually(async () => (await onStanding('/containers/json')).status === 200, 'the new file counts');
    expect((await onStanding('/images/json')).status).toBe(403);
    expect(await status()).not.toContain('! ');
  });

  it("stays when the user's own file is spoilt", async () => {
    put(JSON.stringify({ enhancedContainerIsolation: { dockerSocketMount: { commandList: { commands: ['ps'] } } } }));
    await serving.start();
    mkdirSync(dirname(serving.userSettings), { recursive: true });
    writeFileSync(serving.userSettings, Buffer.from('\ufeff{}', 'utf16le'), { mode: 0o644 });
    await eventually(async () => (await status()).includes('UTF-16'), 'the mistake is told');
    expect(await status()).toContain(`${serving.userSettings}:1:1: The file is encoded as UTF-16; save it as UTF-8.`);
    await expectOldPolicy();
  });

  it('does not count when it is damaged, and that is said, too', async () => {
    put(good());
    await serving.start();
    await serving.kill('SIGKILL');
    expect(existsSync(kept())).toBe(true);
    writeFileSync(kept(), '{"version": 1, "val');
    put('{');
    await serving.start();
    const says = `${kept()}: The last good policy, which is kept here, is damaged or of another version, and does not count.`;
    expect(serving.complaints()).toContain(says);
    expect(await status()).toContain(`! ${says}`);
    await expectClosed(
      `${serving.settings}:1:2: The file is not valid JSON: the document ends where a key in double quotes is expected.`,
    );
  });
});
