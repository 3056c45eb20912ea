import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KEY, listen, setStage, temporaryFolder } from './stage.ts';

const ordinary = { kind: 'ordinary' };

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
      join(stage.delivered, 'docker.sock', 'x'),
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

describe('a folder of settings', () => {
  const told = (folder: string) => ({ kind: 'protected', what: `Lockkeeper's settings (${folder})` });

  it("is nobody else's to write in, whether it is there or not", async () => {
    const stage = await setStage();
    const [there, missing] = [stage.at('home', 'u', '.config', 'lockkeeper'), stage.at('etc', 'lockkeeper')];
    mkdirSync(there, { recursive: true });
    const survey = stage.survey({ settingsFolders: [there, missing] });
    for (const path of [there, join(there, 'settings.json')]) expect(await survey.inspect(path)).toEqual(told(there));
    for (const path of [missing, join(missing, 'x')]) expect(await survey.inspect(path)).toEqual(told(missing));
    symlinkSync(there, stage.at('link'));
    expect(await survey.inspect(stage.at('link'))).toEqual(told(there));
  });

  it('is covered in what a container has above it', async () => {
    const stage = await setStage();
    const folder = stage.at('home', 'u', '.config', 'lockkeeper');
    mkdirSync(folder, { recursive: true });
    const survey = stage.survey({ settingsFolders: [folder] });
    const config = stage.at('home', 'u', '.config');
    expect(await survey.inspect(config)).toEqual({ kind: 'holds-state', below: ['lockkeeper'], onlySettings: true });
    const below = ['u/.local/state/lk', 'u/.config/lockkeeper'];
    expect(await survey.inspect(stage.at('home'))).toEqual({ kind: 'holds-state', below });
  });

  it("is known by its spelling where an engine's files are not ours to see", async () => {
    const stage = await setStage();
    const elsewhere = stage.survey({ settingsFolders: ['/etc/lockkeeper'], engineKernel: () => '0.0.1-another' });
    expect(await elsewhere.inspect('/etc/lockkeeper/admin-settings.json')).toEqual(told('/etc/lockkeeper'));
    expect(await elsewhere.inspect('/etc')).toEqual({ kind: 'holds-state', below: ['lockkeeper'], onlySettings: true });
    const windows = stage.survey({ settingsFolders: ['C:\\ProgramData\\Lockkeeper'], platform: 'win32' });
    expect(await windows.inspect('c:/programdata/LOCKKEEPER/x')).toMatchObject({ kind: 'protected' });
    expect(await windows.inspect('/c/ProgramData')).toMatchObject({ below: ['lockkeeper'], onlySettings: true });
  });
});
