import { mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSpelling } from '../../../../main/sources/judge-spelling.ts';
import { severest } from '../../../../main/sources/severest.ts';
import { openSurvey, type SurveyOptions } from '../../../../main/sources/survey.ts';
import type { SourceFact } from '../../../../shared/decision/facts.ts';
import { KEY, setStage, surveyOptions } from './stage.ts';

const ordinary: SourceFact = { kind: 'ordinary' };

/** A survey for an engine whose files are not ours; none of its paths need exist here. */
function elsewhere(changes: Partial<SurveyOptions> = {}) {
  const state = '/home/nobody/.local/state/lockkeeper';
  const here = { engine: '/nowhere/vm.sock', hostGate: '/nowhere/gate.sock', standing: '/nowhere/ci.sock', state };
  const options = surveyOptions({ ...here, sockets: `${state}/sockets` });
  return openSurvey({ ...options, engineKernel: () => '0.0.1-another', ...changes });
}

const kindOf = async (source: string, changes: Partial<SurveyOptions> = {}) =>
  (await elsewhere(changes).inspect(source)).kind;

describe('an engine on another kernel', () => {
  it.each([
    ['socket', '/var/run/docker.sock'],
    ['socket', '//run/../run/docker.sock'],
    ['socket', '/run/user/1000/docker.sock'],
    ['socket', '/var/run/user/501/podman/podman.sock'],
    ['socket', '/run/podman/podman.sock'],
    ['socket', '/var/run/docker.sock.raw'],
    ['socket', '/nowhere/vm.sock'],
    ['socket', '/nowhere/gate.sock'],
    ['socket', '/nowhere/ci.sock'],
    ['socket', join(homedir(), '.docker/run/docker.sock')],
    ['socket', `/home/nobody/.local/state/lockkeeper/sockets/${KEY}/docker.sock`],
    ['socket', '/host_mnt/nowhere/gate.sock'],
    ['delivered-folder', '/home/nobody/.local/state/lockkeeper/sockets/0123456789abcdef'],
    ['protected', '/home/nobody/.local/state/lockkeeper/sockets/ffffffffffffffff'],
    ['protected', '/home/nobody/.local/state/lockkeeper'],
    ['protected', '/host_mnt/home/nobody/.local/state/lockkeeper/policy'],
    ['protected', '/var/run/containerd/containerd.sock'],
    ['protected', '/run/docker/plugins/x.sock'],
    ['protected', '/run/containerd/s/abc'],
    ['exposes', '/'],
    ['exposes', '/var'],
    ['exposes', '/run'],
    ['exposes', '/var/run'],
    ['exposes', '/run/user'],
    ['exposes', '/var/run/user/1000'],
    ['exposes', '/run/containerd'],
    ['exposes', '/nowhere'],
    ['exposes', '/host_mnt'],
    ['holds-state', '/home/nobody'],
    ['unverifiable', '/proc/1/root/run'],
    ['unverifiable', '/proc/self/cwd'],
    ['unverifiable', '/proc/1/task/1/fd/3'],
    ['unverifiable', '/dev/fd/3'],
    ['unverifiable', 'relative'],
    ['ordinary', '/proc'],
    ['ordinary', '/var/lib'],
    ['ordinary', '/run/x'],
    ['ordinary', '/srv/project'],
    ['ordinary', join(homedir(), '.docker')],
  ])('has as %s: %s', async (kind, source) => {
    expect(await kindOf(source)).toBe(kind);
  });

  it('has /var/run for /run, whatever we have', () => {
    const options = surveyOptions({ engine: '/e', hostGate: '/g', standing: '/s', state: '/l', sockets: '/l/sockets' });
    const places = { ...options, emptyFolder: '/l/empty', platform: 'linux' as const, home: '/home/u' };
    expect(judgeSpelling('/var/run/containerd/containerd.sock', places).kind).toBe('protected');
    expect(judgeSpelling('/var/run/user', places).kind).toBe('exposes');
  });

  it('may follow a link in a folder that it shares with us', async () => {
    const stage = await setStage();
    symlinkSync('/var/run', stage.at('link'));
    symlinkSync('/var/run/docker.sock', stage.at('socket'));
    const survey = stage.survey({ engineKernel: () => '0.0.1-another' });
    expect(await survey.inspect(stage.at('link'))).toMatchObject({ kind: 'exposes' });
    expect(await survey.inspect(stage.at('socket'))).toMatchObject({ kind: 'socket' });
  });

  it('on macOS has one path by several spellings', async () => {
    const state = '/Users/Zoë/Library/Application Support/Lockkeeper';
    const mac = {
      platform: 'darwin' as const,
      stateFolder: state,
      socketsFolder: `${state}/sockets`,
      hostGatePath: `${state}/docker.sock`,
    };
    expect(await kindOf('/users/zoe\u0308/library/application support/LOCKKEEPER', mac)).toBe('protected');
    expect(await kindOf('/Users/zoë/Library', mac)).toBe('holds-state');
    expect(await kindOf(`${state}/docker.sock`, mac)).toBe('socket');
    expect(await kindOf('/private/var/run/docker.sock', mac)).toBe('socket');
    expect(await kindOf('/private/var/run', mac)).toBe('exposes');
    expect(await kindOf('/Users/Zoë/src', mac)).toBe('ordinary');
  });

  it('never makes the survey reject', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('linux', 'darwin', 'win32'),
        async (source, platform) => {
          for (const prefix of ['', '/', '\\\\', 'C:\\']) {
            expect((await elsewhere({ platform }).inspect(prefix + source)).kind).toBeTypeOf('string');
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('an engine of which it is not known where it runs', () => {
  it.each([
    ['before it has told its kernel', { engineKernel: () => undefined }],
    ['behind TCP', { engine: { kind: 'tcp', url: 'tcp://127.0.0.1:2375', host: '127.0.0.1', port: 2375 } }],
  ] as [string, Partial<SurveyOptions>][])('is judged both ways %s', async (_when, changes) => {
    const stage = await setStage();
    mkdirSync(stage.at('work'));
    const survey = stage.survey(changes);
    expect(await survey.inspect('/run')).toMatchObject({ kind: 'exposes' });
    expect(await survey.inspect('/run/user/4711/docker.sock')).toMatchObject({ kind: 'socket' });
    expect(await survey.inspect(stage.at('gate'))).toMatchObject({ kind: 'exposes' });
    symlinkSync(stage.hostGate, stage.at('link'));
    expect(await survey.inspect(stage.at('link'))).toMatchObject({ kind: 'socket' });
    expect(await survey.inspect(stage.at('work'))).toEqual(ordinary);
    expect(await survey.inspect(stage.at('home'))).toEqual({ kind: 'holds-state', below: ['u/.local/state/lk'] });
  });
});

describe('Windows', () => {
  const windows: Partial<SurveyOptions> = {
    platform: 'win32',
    engine: { kind: 'socket', url: 'npipe:////./pipe/my_engine', path: '\\\\.\\pipe\\my_engine' },
    hostGatePath: '\\\\.\\pipe\\lockkeeper_docker',
    standingSockets: ['\\\\.\\pipe\\ci'],
    stateFolder: 'C:\\Users\\U\\AppData\\Local\\Lockkeeper',
    socketsFolder: 'C:\\Users\\U\\AppData\\Local\\Lockkeeper\\sockets',
  };

  it.each([
    ['socket', '\\\\.\\pipe\\docker_engine'],
    ['socket', '//./pipe/docker_engine'],
    ['socket', '//./PIPE/Docker_Engine'],
    ['socket', '\\\\?\\pipe\\docker_engine'],
    ['socket', '\\\\localhost\\pipe\\docker_engine'],
    ['socket', '\\\\?\\GLOBALROOT\\Device\\NamedPipe\\docker_engine'],
    ['socket', '\\\\?\\UNC\\localhost\\pipe\\docker_engine'],
    ['socket', '\\\\.\\pipe\\x\\..\\docker_engine'],
    ['socket', '\\\\.\\pipe\\docker_engine. '],
    ['socket', '//./pipe/dockerDesktopLinuxEngine'],
    ['socket', '//./pipe/my_engine'],
    ['socket', '//./pipe/Lockkeeper_Docker'],
    ['socket', '//./pipe/ci'],
    ['protected', '//./pipe/containerd-containerd'],
    ['protected', '//./pipe/lockkeeper_control_0123'],
    ['exposes', '//./pipe/'],
    ['exposes', '//./pipe'],
    ['ordinary', '//./pipe/postgres'],
    ['socket', '/var/run/docker.sock'],
    ['socket', '//var/run/docker.sock'],
    ['exposes', '/var/run'],
    ['protected', 'c:\\users\\u\\appdata\\local\\LOCKKEEPER\\sockets'],
    ['protected', 'C:/Users/U/AppData/Local/Lockkeeper./x'],
    ['protected', '/c/Users/U/AppData/Local/Lockkeeper'],
    ['protected', '//c/Users/U/AppData/Local/Lockkeeper'],
    ['protected', '/host_mnt/c/Users/U/AppData/Local/Lockkeeper'],
    ['protected', '/run/desktop/mnt/host/c/Users/U/AppData/Local/Lockkeeper'],
    ['protected', '\\\\?\\C:\\Users\\U\\AppData\\Local\\Lockkeeper'],
    ['protected', '\\\\wsl$\\docker-desktop\\run'],
    ['holds-state', 'C:\\Users\\U'],
    ['holds-state', 'C:\\'],
    ['unverifiable', 'C:\\Users\\U\\AppData\\Local\\LOCKKE~1'],
    ['unverifiable', '\\\\localhost\\c$\\Users'],
    ['unverifiable', '\\\\.\\Volume{1}\\x'],
    ['ordinary', 'C:\\src'],
    ['ordinary', 'D:\\'],
    ['ordinary', '\\\\server\\share'],
  ])('has as %s: %s', async (kind, source) => {
    expect(await kindOf(source, windows)).toBe(kind);
  });
});

describe('two judgements of one source', () => {
  const socket: SourceFact = { kind: 'socket', socket: '/run/docker.sock' };
  const exposed: SourceFact = { kind: 'exposes', socket: '/run/docker.sock' };
  const holds: SourceFact = { kind: 'holds-state', below: ['x'] };

  it('count by what lets less through, whichever comes first', () => {
    for (const [one, other, all] of [
      [ordinary, socket, socket],
      [socket, exposed, exposed],
      [ordinary, exposed, exposed],
      [ordinary, holds, holds],
      [socket, socket, socket],
    ] as const) {
      expect(severest(one, other)).toEqual(all);
      expect(severest(other, one)).toEqual(all);
    }
    expect(severest(socket, holds).kind).toBe('unverifiable');
    expect(severest(holds, socket).kind).toBe('unverifiable');
  });
});
