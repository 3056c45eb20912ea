import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeLook } from '../../../../main/sources/judge-here.ts';
import { look } from '../../../../main/sources/look.ts';
import { mountTableReader } from '../../../../main/sources/mount-table.ts';
import { takeProtectedSet } from '../../../../main/sources/protected-set.ts';
import { listen, type Stage, setStage, surveyOptions } from './stage.ts';

const ordinary = { kind: 'ordinary' };

/** The number of a process that is somewhere, until the test ends. */
function processIn(folder: string): number | undefined {
  const process = spawn('sleep', ['60'], { cwd: folder, stdio: 'ignore' });
  onTestFinished(() => void process.kill());
  return process.pid;
}

describe('exactly a socket', () => {
  it.each([
    ['as spelled', (stage: Stage) => stage.engine],
    ['with doubled slashes and dots', (stage: Stage) => `/${stage.at('engine')}//./x/..//docker.sock`],
    ['with a slash at its end', (stage: Stage) => `${stage.engine}/`],
  ])('is the Docker socket %s', async (_how, source) => {
    const stage = await setStage();
    expect(await stage.survey().inspect(source(stage))).toEqual({ kind: 'socket', socket: stage.engine });
  });

  it('is the Docker socket by any link or hard link to it', async () => {
    const stage = await setStage();
    mkdirSync(stage.at('other'));
    symlinkSync('../engine/docker.sock', stage.at('other', 'relative'));
    symlinkSync(stage.at('other', 'relative'), stage.at('other', 'twice'));
    symlinkSync(dirname(stage.engine), stage.at('other', 'folder'));
    linkSync(stage.engine, stage.at('other', 'hard'));
    const survey = stage.survey();
    for (const name of ['relative', 'twice', 'folder/docker.sock', 'hard']) {
      expect(await survey.inspect(stage.at('other', name)), name).toEqual({ kind: 'socket', socket: stage.engine });
    }
  });

  it('is the Docker socket through links of processes', async () => {
    const stage = await setStage();
    const pid = processIn(dirname(stage.engine));
    const folder = openSync(dirname(stage.engine), 'r');
    const survey = stage.survey();
    for (const source of [
      `/proc/${pid}/root${stage.engine}`,
      `/proc/self/root${stage.engine}`,
      `/proc/${pid}/cwd/docker.sock`,
      `/dev/fd/${folder}/docker.sock`,
    ]) {
      expect(await survey.inspect(source), source).toEqual({ kind: 'socket', socket: stage.engine });
    }
  });

  it('is the Docker socket for what Lockkeeper listens on', async () => {
    const stage = await setStage();
    const survey = stage.survey();
    for (const path of [stage.hostGate, stage.standing, join(stage.delivered, 'docker.sock')]) {
      expect(await survey.inspect(path)).toMatchObject({ kind: 'socket', socket: expect.stringContaining(path) });
    }
  });

  it('is known again at once when the engine makes it anew', async () => {
    const stage = await setStage();
    symlinkSync(stage.engine, stage.at('link'));
    const survey = stage.survey();
    await survey.inspect(stage.at('link'));
    const keepsInode = stage.at('kept');
    renameSync(stage.engine, keepsInode);
    await listen(stage.engine);
    expect(await survey.inspect(stage.at('link'))).toEqual({ kind: 'socket', socket: stage.engine });
  });

  it('is known by its path when the engine makes it anew just while it is looked at', async () => {
    const stage = await setStage();
    const mounts = await mountTableReader('/proc/self/mountinfo')();
    const sockets = [{ path: stage.engine, name: 'the engine', as: 'docker-socket' as const, isAwaited: true }];
    const before = await takeProtectedSet({ mounts, sockets, folders: [] });
    renameSync(stage.engine, stage.at('kept'));
    await listen(stage.engine);
    const places = { ...surveyOptions(stage), emptyFolder: '/', platform: 'linux' as const, home: '/' };
    const fact = await judgeLook(await look(stage.engine, mounts), before, places);
    expect(fact).toEqual({ kind: 'socket', socket: 'the engine' });
  });

  it('is the Docker socket also while the engine is down', async () => {
    const stage = await setStage();
    rmSync(stage.engine);
    symlinkSync(stage.engine, stage.at('dangling'));
    const survey = stage.survey();
    for (const source of [stage.engine, stage.at('dangling')]) {
      expect(await survey.inspect(source)).toEqual({ kind: 'socket', socket: stage.engine });
    }
    expect(await survey.inspect(dirname(stage.engine))).toEqual({ kind: 'exposes', socket: stage.engine });
    rmSync(dirname(stage.engine), { recursive: true });
    expect(await survey.inspect(dirname(stage.engine))).toEqual({ kind: 'exposes', socket: stage.engine });
  });

  it('is nothing of ours when a stranger listens on it', async () => {
    const stage = await setStage();
    await listen(stage.at('postgres', 's.5432'));
    expect(await stage.survey().inspect(stage.at('postgres', 's.5432'))).toEqual(ordinary);
  });

  it('is not given away when it belongs to the containerd beside the engine', async () => {
    const stage = await setStage();
    const socket = stage.at('engine', 'exec', 'containerd', 'containerd.sock');
    await listen(socket);
    const survey = stage.survey();
    expect(await survey.inspect(socket)).toEqual({ kind: 'protected', what: `the control socket ${socket}` });
    expect(await survey.inspect(dirname(socket))).toEqual({ kind: 'exposes', socket });
    rmSync(socket);
    expect(await survey.inspect(dirname(socket))).toEqual(ordinary);
  });
});

describe('a folder', () => {
  it('exposes the socket that lies in it, at any depth and by any name', async () => {
    const stage = await setStage();
    symlinkSync(stage.at('engine'), stage.at('link'));
    const survey = stage.survey();
    const exposes = { kind: 'exposes', socket: stage.engine };
    expect(await survey.inspect('/')).toEqual(exposes);
    expect(await survey.inspect(stage.folder)).toEqual(exposes);
    expect(await survey.inspect(stage.at('engine'))).toEqual(exposes);
    expect(await survey.inspect(stage.at('link'))).toEqual(exposes);
    expect(await survey.inspect(`/proc/${processIn('/')}/root${stage.at('engine')}`)).toEqual(exposes);
  });

  it('exposes the host gate and standing sockets as well', async () => {
    const stage = await setStage();
    const survey = stage.survey();
    expect(await survey.inspect(stage.at('gate'))).toMatchObject({ kind: 'exposes' });
    expect(await survey.inspect(stage.at('standing'))).toMatchObject({ kind: 'exposes' });
  });

  it('is ordinary beside the sockets, with links to them or without', async () => {
    const stage = await setStage();
    mkdirSync(stage.at('work', 'deep'), { recursive: true });
    symlinkSync(stage.engine, stage.at('work', 'docker.sock'));
    const survey = stage.survey();
    for (const source of [stage.at('work'), stage.at('work', 'deep'), '/etc', '/etc/passwd', '/dev', '/proc']) {
      expect(await survey.inspect(source), source).toEqual(ordinary);
    }
  });

  it('cannot be vouched for on the device of a socket that has another hard link', async () => {
    const stage = await setStage();
    mkdirSync(stage.at('work'));
    const survey = stage.survey();
    expect(await survey.inspect(stage.at('work'))).toEqual(ordinary);
    linkSync(stage.engine, stage.at('work', 'hidden'));
    const fact = await survey.inspect(stage.at('work'));
    expect(fact).toMatchObject({ kind: 'unverifiable', why: expect.stringContaining('hard link') });
    expect(await survey.inspect('/dev/shm')).toEqual(ordinary);
    // A file cannot hold anything else.
    expect(await survey.inspect('/etc/passwd')).toEqual(ordinary);
  });

  it('that engine cleans by spelling may be another one for the kernel', async () => {
    const stage = await setStage();
    mkdirSync(stage.at('engine', 'below'));
    mkdirSync(stage.at('work'));
    symlinkSync(stage.at('engine', 'below'), stage.at('work', 'link'));
    const fact = await stage.survey().inspect(`${stage.at('work', 'link')}/..`);
    expect(fact).toEqual({ kind: 'exposes', socket: stage.engine });
  });
});

describe('what cannot be looked at', () => {
  it('is said with its reason', async () => {
    const stage = await setStage();
    symlinkSync('loop', stage.at('loop'));
    const survey = stage.survey();
    const why = async (source: string) => {
      const fact = await survey.inspect(source);
      return fact.kind === 'unverifiable' ? fact.why : JSON.stringify(fact);
    };
    expect(await why(stage.at('loop'))).toContain('too many links');
    expect(await why(`/${'x'.repeat(300)}`)).toContain('too long');
    expect(await why(`/${'x/'.repeat(3000)}`)).toContain('too long');
    expect(await why('/tmp/\0')).toContain('NUL');
    expect(await why('')).toContain('not an absolute path');
    expect(await why('run')).toContain('not an absolute path');
  });

  it('is what another process would lead to', async () => {
    const stage = await setStage();
    mkdirSync(stage.at('work'));
    symlinkSync('/proc/self/cwd', stage.at('work', 'link'));
    const survey = stage.survey();
    for (const source of [
      '/proc/self/cwd',
      stage.at('work', 'link'),
      '/dev/fd/0',
      `/proc/${process.pid}/root/etc`,
      '/proc/4194304/root',
    ]) {
      expect(await survey.inspect(source), source).toMatchObject({ kind: 'unverifiable' });
    }
    for (const source of ['/proc/self/status', '/proc/mounts', `/proc/${process.pid}/ns/net`]) {
      expect(await survey.inspect(source), source).toEqual(ordinary);
    }
  });

  it('is a folder when the mount table cannot be read', async () => {
    const stage = await setStage();
    mkdirSync(stage.at('work'));
    const survey = stage.survey({ procRoot: stage.at('no-proc') });
    expect(await survey.inspect(stage.at('work'))).toMatchObject({ kind: 'unverifiable' });
    expect(await survey.inspect(stage.engine)).toMatchObject({ kind: 'socket' });
    expect(await survey.inspect('/etc/passwd')).toEqual(ordinary);
  });
});
