import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import type { Origin } from '../../../shared/policy/policy.ts';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually } from '../running.ts';

const lab = attachLab(inject('lab'));
const PROGRAM = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;
const USER = 1000;
const ADMIN = '/etc/lockkeeper/admin-settings.json';
const DESKTOP = '/usr/share/docker-desktop/admin-settings.json';

/** Gives a command the machine's folders with ours in them, whoever else looks at those sees nothing of it. */
const WITH_PLACES = `
  mount -t overlay overlay -o "lowerdir=$1/etc:/etc" /etc &&
  mount -t overlay overlay -o "lowerdir=$1/share:/usr/share" /usr/share &&
  mount --bind "$1/admin" /etc/lockkeeper && mount --bind "$1/desktop" /usr/share/docker-desktop &&
  shift && exec "$@"`;

let folder: string;
let started: ChildProcess | undefined;

/** A machine of the test's own: the two places of administrators, and the home of a user. */
beforeEach(() => {
  mkdirSync(lab.work, { recursive: true });
  folder = mkdtempSync(join(lab.work, 'pl-'));
  for (const path of ['etc/lockkeeper', 'share/docker-desktop', 'admin', 'desktop', 'home/.config/lockkeeper']) {
    mkdirSync(join(folder, path), { recursive: true, mode: 0o755 });
  }
  chmodSync(folder, 0o755);
  for (const path of ['home', 'home/.config', 'home/.config/lockkeeper']) chownSync(join(folder, path), USER, USER);
});
afterEach(async () => {
  if (started?.exitCode === null) {
    const ended = new Promise((resolve) => started?.once('exit', resolve));
    started.kill('SIGTERM');
    await ended;
  }
  started = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const places = {
  admin: () => join(folder, 'admin', 'admin-settings.json'),
  desktop: () => join(folder, 'desktop', 'admin-settings.json'),
  user: () => join(folder, 'home', '.config', 'lockkeeper', 'settings.json'),
  named: () => join(folder, 'home', 'named.json'),
};
const standing = () => join(folder, 'home', 't', 'c.sock');
const state = () => join(folder, 'home', 's');

interface Words {
  readonly locked?: boolean;
  readonly images?: readonly string[];
  readonly commands?: readonly string[];
}

function put(place: keyof typeof places, { locked, images, commands }: Words, owner: number): void {
  const dockerSocketMount = { imageList: { images }, commandList: { commands } };
  const path = places[place]();
  writeFileSync(`${path}.new`, JSON.stringify({ enhancedContainerIsolation: { locked, dockerSocketMount } }), {
    mode: 0o644,
  });
  chownSync(`${path}.new`, owner, owner);
  renameSync(`${path}.new`, path);
}

/** Starts it as a user, or as root; resolves when it is ready, or with how it ended. */
function serve(uid: number, ...options: string[]): Promise<{ ready: boolean; code: number | null; said: string }> {
  const identity = [`--reuid=${uid}`, `--regid=${uid}`, `--groups=${statSync(lab.engineSocket).gid}`];
  const sockets = ['--host-gate', join(folder, 'home', 'g', 'd.sock'), '--standing-socket', standing()];
  const command = [process.execPath, PROGRAM, 'serve', '--engine', lab.engineUrl, '--state', state(), ...sockets];
  const inPlaces = ['--mount', '--propagation', 'private', 'sh', '-c', WITH_PLACES, 'sh', folder];
  const [file, ...args] = lab.inside(['unshare', ...inPlaces, 'setpriv', ...identity, ...command, ...options]);
  const env = { HOME: join(folder, 'home'), PATH: process.env.PATH ?? '' };
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started = child;
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).once('line', () => resolve({ ready: true, code: null, said }));
    child.once('close', (code) => resolve({ ready: false, code, said }));
  });
}

/** Where the values of the policy in force come from. */
async function origins(): Promise<Readonly<Record<string, Origin>>> {
  const connected = await connectControl({ path: join(state(), 'control.sock') });
  if (!connected.ok) throw new Error(connected.error.message);
  const answer = await connected.value.request('policy', {});
  connected.value.close();
  if (!answer.ok) throw new Error(answer.error.message);
  return Object.fromEntries(answer.value.values.map(({ path, origin }) => [path.split('.').at(-1), origin]));
}

const statusOf = async (path: string) => (await request(standing(), path)).status;
/** A request that is in progress while the policy comes to refuse it ends without an answer. */
const isRefused = async (path: string) => (await statusOf(path).catch(() => undefined)) === 403;

describe('the places of settings files', () => {
  it("put the policy together value by value, and leave the user's out under a lock", async () => {
    put('admin', { images: ['docker:cli'], commands: ['images'] }, 0);
    put('user', { commands: ['ps'] }, USER);
    expect(await serve(USER)).toMatchObject({ ready: true });
    expect(await origins()).toMatchObject({
      value: { source: 'built-in', locked: false },
      images: { source: 'admin', file: ADMIN, locked: false },
      commands: { source: 'user', file: places.user(), locked: false },
    });
    expect([await statusOf('/containers/json'), await statusOf('/images/json')]).toEqual([403, 200]);
    put('admin', { locked: true, images: ['docker:cli'], commands: ['images'] }, 0);
    await eventually(() => isRefused('/images/json'), 'the lock counts');
    expect(await statusOf('/containers/json')).toBe(200);
    const locked = await origins();
    expect(Object.values(locked).filter((origin) => !origin.locked)).toEqual([]);
    expect(locked).toMatchObject({
      value: { source: 'built-in' },
      commands: { source: 'admin', file: ADMIN },
    });
  });

  it("have Docker Desktop's file count where ours is missing", async () => {
    put('desktop', { commands: ['images'] }, 0);
    put('admin', { commands: ['ps'] }, 0);
    expect(await serve(USER)).toMatchObject({ ready: true });
    expect(await origins()).toMatchObject({ commands: { source: 'admin', file: ADMIN } });
    rmSync(places.admin());
    await eventually(() => isRefused('/images/json'), "Docker Desktop's file counts");
    expect(await origins()).toMatchObject({ commands: { source: 'admin', file: DESKTOP } });
  });

  it.each([
    ['admin', USER, 0, `${ADMIN}: The file is owned by user ${USER}, but must be owned by root (chown 0 ${ADMIN}).`],
    ['user', 0, 0, `settings.json: The file is owned by root, but must be owned by user ${USER}`],
    ['admin', 0, 0o600, `${ADMIN}: The file cannot be read: permission denied.`],
  ] as const)('want the right owner and rights: %s of user %d', async (place, owner, mode, says) => {
    put(place, { commands: ['ps'] }, owner);
    if (mode !== 0) chmodSync(places[place](), mode);
    const { ready, said } = await serve(USER);
    expect(ready).toBe(true);
    expect(said).toContain(says);
    expect(await statusOf('/images/json')).toBe(403);
  });
});

describe("--settings beside an administrator's file", () => {
  it('is refused to a user where that is locked, before anything is done', async () => {
    put('admin', { locked: true, commands: ['ps'] }, 0);
    put('named', { images: ['*'] }, USER);
    const { ready, code, said } = await serve(USER, '--settings', places.named());
    expect({ ready, code }).toEqual({ ready: false, code: 2 });
    expect(said).toBe(
      `lockkeeper: ${places.named()}: --settings is refused: ${ADMIN} locks the settings for everybody but root, and stays in force.\n`,
    );
    expect(() => statSync(state())).toThrow('ENOENT');
  });

  it('counts for root', async () => {
    put('admin', { locked: true, commands: ['ps'] }, 0);
    put('named', { commands: ['images'] }, 0);
    chownSync(dirname(places.named()), 0, 0);
    expect(await serve(0, '--settings', places.named())).toMatchObject({ ready: true });
    expect(await origins()).toMatchObject({ commands: { source: 'command-line', file: places.named() } });
  });

  it('counts for a user while that is not locked, until it is', async () => {
    put('admin', { commands: ['ps'] }, 0);
    put('named', { commands: ['images'] }, USER);
    expect(await serve(USER, '--settings', places.named())).toMatchObject({ ready: true });
    expect(await origins()).toMatchObject({ commands: { source: 'command-line' } });
    put('admin', { locked: true, commands: ['ps'] }, 0);
    await eventually(() => isRefused('/containers/json'), 'the lock counts');
    expect(await origins()).toMatchObject({ commands: { source: 'admin', file: ADMIN, locked: true } });
  });
});
