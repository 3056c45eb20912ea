import { execFileSync, spawn } from 'node:child_process';
import { linkSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KEY, listen, type Stage, setStage, temporaryFolder } from './stage.ts';

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

describe('our own state', () => {
  it('is protected with everything in it, whether it is there or not', async () => {
    const stage = await setStage();
    writeFileSync(join(stage.state, 'policy.json'), '{}');
    await listen(join(stage.state, 'control.sock'));
    symlinkSync(stage.state, stage.at('link'));
    const survey = stage.survey();
    for (const source of [
      stage.state,
      stage.at('link'),
      stage.at('link', 'policy.json'),
      join(stage.state, 'policy.json'),
      join(stage.state, 'control.sock'),
      join(stage.state, 'not-there', 'yet'),
      stage.sockets,
      join(stage.sockets, 'fedcba9876543210'),
      join(stage.sockets, 'fedcba9876543210', 'docker.sock'),
      join(stage.delivered, 'other'),
    ]) {
      expect(await survey.inspect(source), source).toMatchObject({ kind: 'protected' });
    }
  });

  it('has delivered folders that mean the socket at their targets', async () => {
    const stage = await setStage();
    symlinkSync(stage.delivered, stage.at('link'));
    const delivered = { kind: 'delivered-folder', targets: ['/var/run/docker.sock'] };
    const survey = stage.survey();
    expect(await survey.inspect(stage.delivered)).toEqual(delivered);
    expect(await survey.inspect(stage.at('link'))).toEqual(delivered);
    rmSync(stage.delivered, { recursive: true });
    expect(await survey.inspect(stage.delivered)).toEqual(delivered);
  });

  it('has an empty folder that is of no value', async () => {
    const stage = await setStage();
    expect(await stage.survey().inspect(join(stage.state, 'empty'))).toEqual(ordinary);
    expect(await stage.survey().inspect(join(stage.state, 'empty', 'x'))).toMatchObject({ kind: 'protected' });
  });

  it('is found below the folders that hold nothing else of ours', async () => {
    const stage = await setStage();
    symlinkSync(stage.at('home'), stage.at('link'));
    const survey = stage.survey();
    const holds = (below: string) => ({ kind: 'holds-state', below: [below] });
    expect(await survey.inspect(dirname(stage.state))).toEqual(holds('lk'));
    expect(await survey.inspect(stage.at('home', 'u'))).toEqual(holds('.local/state/lk'));
    expect(await survey.inspect(stage.at('link', 'u'))).toEqual(holds('.local/state/lk'));
    expect(await survey.inspect(stage.at('home'))).toEqual(holds('u/.local/state/lk'));
  });

  it('hides a host gate that lies in it', async () => {
    const stage = await setStage();
    const hostGatePath = join(stage.state, 'docker.sock');
    await listen(hostGatePath);
    const survey = stage.survey({ hostGatePath });
    expect(await survey.inspect(stage.at('home'))).toEqual({ kind: 'holds-state', below: ['u/.local/state/lk'] });
    expect(await survey.inspect(hostGatePath)).toMatchObject({ kind: 'socket' });
  });

  it('may have its sockets elsewhere', async () => {
    const stage = await setStage();
    const socketsFolder = stage.at('srv', 'sockets');
    await listen(join(socketsFolder, KEY, 'docker.sock'));
    const survey = stage.survey({ socketsFolder });
    expect(await survey.inspect(stage.at('srv'))).toEqual({ kind: 'holds-state', below: ['sockets'] });
    expect(await survey.inspect(join(socketsFolder, KEY))).toMatchObject({ kind: 'delivered-folder' });
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

describe('what is not there yet', () => {
  it('is ordinary where it would be made', async () => {
    const stage = await setStage();
    symlinkSync(stage.at('nowhere', 'x'), stage.at('dangling'));
    const survey = stage.survey();
    for (const source of [stage.at('new', 'folder'), stage.at('dangling'), '/etc/passwd/below']) {
      expect(await survey.inspect(source), source).toEqual(ordinary);
    }
  });

  it('is protected when it would be made in our state', async () => {
    const stage = await setStage();
    symlinkSync(join(stage.state, 'new'), stage.at('dangling'));
    expect(await stage.survey().inspect(stage.at('dangling', 'x'))).toMatchObject({ kind: 'protected' });
  });
});

describe('a file system on a block device', () => {
  it('shows the state that lies on it', async () => {
    const folder = temporaryFolder();
    const stage = await setStage();
    const device = join(folder, 'device');
    const number = execFileSync('stat', ['-c', '%Hd %Ld', stage.state], { encoding: 'utf8' }).trim().split(' ');
    execFileSync('mknod', [device, 'b', ...number]);
    expect(await stage.survey().inspectFileSystem(device)).toMatchObject({ kind: 'exposes' });
    execFileSync('mknod', [`${device}2`, 'b', '7', '99']);
    expect(await stage.survey().inspectFileSystem(`${device}2`)).toEqual(ordinary);
    expect(await stage.survey().inspect(device)).toEqual(ordinary);
  });
});
