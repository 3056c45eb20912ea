import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../lab/lab.ts';
import { settingsJson } from './running.ts';

const lab = attachLab(inject('lab'));
const PROGRAM = new URL('../../dist/main/lockkeeper.js', import.meta.url).pathname;
const USER = 1000;
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
// Short: the state folder's default place below it has to leave room for sockets.
const home = mkdtempSync(join(lab.work, 'h'));
const runtime = join(home, 'run');
const hostGate = join(runtime, 'lockkeeper', 'docker.sock');
let stop: () => Promise<unknown>;

/** As on a desktop: a user who may use the engine by its group, with everything at its default place. */
beforeAll(async () => {
  const settings = join(home, '.config', 'lockkeeper', 'settings.json');
  mkdirSync(join(settings, '..'), { recursive: true });
  mkdirSync(runtime, { mode: 0o700 });
  writeFileSync(settings, settingsJson({ images: ['docker:cli'], commands: ['push'] }), { mode: 0o644 });
  for (const path of [home, runtime, join(home, '.config'), join(settings, '..'), settings])
    chownSync(path, USER, USER);
  const group = statSync(lab.engineSocket).gid;
  const identity = [`--reuid=${USER}`, `--regid=${USER}`, `--groups=${group}`];
  const serve = [process.execPath, PROGRAM, 'serve', '--engine', lab.engineUrl];
  const env = { HOME: home, XDG_RUNTIME_DIR: runtime, PATH: '/usr/bin:/bin' };
  const child = spawn('setpriv', [...identity, ...serve], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', () => resolve());
    child.once('exit', (code) => reject(new Error(`lockkeeper ended with ${code}`)));
  });
  stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
});
afterAll(() => stop());

const docker = (...args: string[]) => lab.docker(args, { host: `unix://${hostGate}` });

describe('run by an ordinary user', () => {
  it('serves at the default places, for that user only', () => {
    expect(statSync(hostGate)).toMatchObject({ uid: USER });
    expect(statSync(hostGate).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, '.local', 'state', 'lockkeeper')).mode & 0o777).toBe(0o700);
  });

  it("goes by the user's own settings", async () => {
    const refused = await docker('run', '--rm', '-v', BIND, 'alpine', 'true');
    expect(refused.stderr).toContain(join(home, '.config', 'lockkeeper', 'settings.json'));
  });

  it.each([['root'], ['1000']])('gives an allowed container a socket that its user %s can use', async (user) => {
    const run = await docker('run', '--rm', '-u', user, '-v', BIND, 'docker:cli', 'docker', 'ps', '-q');
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it("lets the user's home be mounted, with the state in it covered", async () => {
    const { code, stdout } = await docker('run', '--rm', '-v', `${home}/.local:/work`, 'alpine', 'find', '/work');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').sort()).toEqual(['/work', '/work/state', '/work/state/lockkeeper']);
  });

  it('lets no container rename a folder on the way to it, so that nothing comes to its place', async () => {
    const rename = await docker('run', '--rm', '-v', `${home}/.local:/work`, 'alpine', 'mv', '/work/state', '/work/x');
    expect(rename.stderr).toMatch(/busy/i);
    expect(existsSync(join(home, '.local', 'x'))).toBe(false);
  });

  it('refuses a source that it may not look at, and says so', async () => {
    const refused = await docker('run', '--rm', '-v', '/root/secret:/x', 'alpine', 'true');
    expect(refused.stderr).toContain(`Lockkeeper runs as user ${USER} and may not look at /root/secret`);
  });
});
