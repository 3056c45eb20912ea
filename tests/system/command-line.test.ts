import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { attachLab, request } from '../lab/lab.ts';
import { type Running, settingsJson, startLockkeeper } from './running.ts';

const lab = attachLab(inject('lab'));
const PROGRAM = new URL('../../dist/main/lockkeeper.js', import.meta.url).pathname;
const env = { PATH: process.env.PATH ?? '', HOME: lab.work };
let keeper: Running;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(lab.work, 'cli-'));
  keeper = await startLockkeeper(lab, { images: ['docker:cli'], commands: ['push'] });
  await lab.dockerOutput(['pull', '-q', 'alpine']);
});
afterAll(async () => {
  await keeper.stop();
  rmSync(folder, { recursive: true, force: true });
});

const lockkeeper = (...args: string[]) => runCommand(process.execPath, [PROGRAM, ...args], { env });

describe('lockkeeper serve', () => {
  it('says in one line where it serves what', () => {
    expect(keeper.readyLine()).toBe(
      `lockkeeper: ready at unix://${keeper.hostGate} for ${lab.engineUrl} (engine 20.10.24+dfsg1)`,
    );
  });

  it('keeps its sockets and its state to the user who runs it', () => {
    expect(statSync(keeper.hostGate).mode & 0o777).toBe(0o700);
    expect(statSync(keeper.standing.replace('unix://', '')).mode & 0o777).toBe(0o700);
    expect(statSync(join(keeper.hostGate, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(keeper.state).mode & 0o777).toBe(0o700);
  });

  it('is the only one with its state folder', async () => {
    const second = await lockkeeper('serve', '--state', keeper.state, '--host-gate', join(folder, 'x', 'd.sock'));
    expect(second.code).toBe(4);
    expect(second.stderr).toContain(keeper.state);
  });

  it.each([
    [['--engine', 'http://x'], 2, 'is not an engine URL'],
    [['--engine', 'unix://relative'], 2, 'absolute path'],
    [['--host-gate', `/${'x'.repeat(120)}/d.sock`], 2, 'choose a shorter path with --host-gate'],
    [['--unknown'], 2, 'unknown option'],
  ] as const)('refuses %j', async (args, code, words) => {
    const refused = await lockkeeper('serve', '--state', join(folder, 'refused'), ...args);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(words);
    expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('serves without an engine, and says to clients that there is none', async () => {
    const hostGate = join(folder, 'g', 'd.sock');
    const args = ['--state', join(folder, 's'), '--host-gate', hostGate, '--engine', `unix://${folder}/none.sock`];
    const serving = spawn(process.execPath, [PROGRAM, 'serve', ...args], { env });
    expect(await firstLine(serving)).toContain('(engine not reachable yet)');
    const { stderr } = await lab.docker(['ps'], { host: `unix://${hostGate}` });
    expect(stderr).toContain('the Docker engine cannot be reached: connect ENOENT');
    expect(await ended(serving, 'SIGTERM')).toBe(0);
  });

  it('starts with unusable settings in a closed state, and says where they are broken', async () => {
    const settings = join(folder, 'broken.json');
    writeFileSync(settings, '{\n  "enhancedContainerIsolation": { "locked": true, }\n}\n', { mode: 0o644 });
    const hostGate = join(folder, 'h', 'd.sock');
    const args = ['--state', join(folder, 'closed'), '--host-gate', hostGate, '--engine', lab.engineUrl];
    const serving = spawn(process.execPath, [PROGRAM, 'serve', '--settings', settings, ...args], { env });
    let complaints = '';
    serving.stderr.on('data', (text: Buffer) => {
      complaints += text.toString();
    });
    await firstLine(serving);
    expect(complaints).toContain(`${settings}:2:`);
    const body = { Image: 'alpine', HostConfig: { Binds: ['/var/run/docker.sock:/s'] } };
    const refused = await request(hostGate, '/containers/create', { method: 'POST', body });
    expect(refused).toMatchObject({ status: 403 });
    expect(refused.body).toContain('the policy is not valid');
    expect((await request(hostGate, '/containers/json')).status).toBe(200);
    expect(await ended(serving, 'SIGINT')).toBe(0);
  });
});

describe('lockkeeper events', () => {
  it('follows what is blocked as it happens', async () => {
    const args = [PROGRAM, 'events', '--follow', '--blocked', '--json', '--state', keeper.state];
    const following = spawn(process.execPath, args, { env });
    const line = firstLine(following);
    const blocked = await lab.docker(['run', '--rm', '-v', '/var/run/docker.sock:/s', 'alpine', 'true'], {
      host: keeper.url,
    });
    expect(blocked.code).toBe(125);
    expect(JSON.parse(await line)).toMatchObject({
      type: 'decision',
      outcome: 'refused',
      reason: 'not-listed',
      operation: 'ContainerCreate',
      image: 'docker.io/library/alpine:latest',
      caller: { listener: 'host-gate' },
      status: 403,
    });
    following.kill();
  });
});

describe('lockkeeper policy, status, validate', () => {
  it('print what is in force, and where it comes from', async () => {
    const { stdout } = await keeper.cli('policy');
    expect(stdout).toContain('deny "push"');
    expect(stdout).toContain('admin-settings.json, locked)');
    expect((await keeper.cli('status')).stdout).toMatch(/^Enforcing · 1 exception · /);
  });

  it('end with 3 when nothing runs', async () => {
    for (const command of ['policy', 'status', 'events']) {
      expect((await lockkeeper(command, '--state', join(folder, 'nobody'))).code).toBe(3);
    }
  });

  it('check a settings file', async () => {
    const good = join(folder, 'good.json');
    const bad = join(folder, 'bad.json');
    writeFileSync(good, settingsJson({ images: ['docker:cli'] }), { mode: 0o644 });
    writeFileSync(bad, settingsJson({ commands: ['psuh'] }), { mode: 0o644 });
    expect(await lockkeeper('validate', good)).toMatchObject({ code: 0 });
    const refused = await lockkeeper('validate', bad);
    expect(refused.code).toBe(1);
    expect(`${refused.stdout}${refused.stderr}`).toMatch(/"psuh".*"push"/s);
  });
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout ?? process.stdin }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`it ended with ${code} before it said anything`)));
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}
