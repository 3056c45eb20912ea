import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBody } from '../../../../shared/docker-line/create-body.ts';
import { parseDockerLine } from '../../../../shared/docker-line/docker-line.ts';
import { parseMountFlag } from '../../../../shared/docker-line/mount-flag.ts';
import { absolute, parseVolumeFlag } from '../../../../shared/docker-line/volume-flag.ts';
import { readCreateBody } from '../../../../shared/engine-api/create-body.ts';
import { readJson } from '../../../../shared/json/read-json.ts';

function bodyOf(text: string): Record<string, unknown> {
  const line = parseDockerLine(['docker', 'run', ...text.split(' ')]);
  if (!line.ok) throw new Error(line.problem);
  const made = createBody(line.line.flags, line.line.args, '/work/app');
  if (!made.ok) throw new Error(made.problem);
  return made.body;
}

describe('createBody', () => {
  it('has what a line would mount, as the CLI sends it', () => {
    expect(
      bodyOf('-v /var/run/docker.sock:/s:ro -v data:/data -v /cache -v ./src:/src -v ../x:/x alpine sh -c ls'),
    ).toEqual({
      Image: 'alpine',
      Cmd: ['sh', '-c', 'ls'],
      Volumes: { '/cache': {} },
      HostConfig: {
        Binds: ['/var/run/docker.sock:/s:ro', 'data:/data', '/work/app/src:/src', '/work/x:/x'],
        Mounts: [],
      },
    });
  });

  it('mounts the socket for --use-api-socket where the CLI takes it to be', () => {
    const socket = '/var/run/docker.sock';
    expect(bodyOf('--use-api-socket docker:cli')).toMatchObject({
      HostConfig: { Mounts: [{ Type: 'bind', Source: socket, Target: socket }] },
    });
    expect(bodyOf('--use-api-socket=false docker:cli')).toMatchObject({ HostConfig: { Mounts: [] } });
  });

  it('has what gives rights', () => {
    const flags =
      '--privileged --read-only --pid host --net host --ipc=host --uts host --userns host --cgroupns host --cap-add ALL --cap-add x --security-opt seccomp=unconfined --restart always:3 --runtime r --tmpfs /run:size=1m --tmpfs /t --volumes-from a:ro --gpus all --device-cgroup-rule c';
    expect(bodyOf(`${flags} x`)).toEqual({
      Image: 'x',
      HostConfig: {
        Binds: [],
        Mounts: [],
        Tmpfs: { '/run': 'size=1m', '/t': '' },
        Privileged: true,
        ReadonlyRootfs: true,
        PidMode: 'host',
        NetworkMode: 'host',
        IpcMode: 'host',
        UTSMode: 'host',
        UsernsMode: 'host',
        CgroupnsMode: 'host',
        Runtime: 'r',
        CapAdd: ['ALL', 'x'],
        SecurityOpt: ['seccomp=unconfined'],
        RestartPolicy: { Name: 'always' },
        VolumesFrom: ['a:ro'],
        DeviceCgroupRules: ['c'],
        DeviceRequests: [{ Capabilities: [['gpu']] }],
      },
    });
  });

  it.each([
    ['/dev/a', { PathOnHost: '/dev/a', PathInContainer: '/dev/a', CgroupPermissions: 'rwm' }],
    ['/dev/a:r', { PathOnHost: '/dev/a', PathInContainer: '/dev/a', CgroupPermissions: 'r' }],
    ['/dev/a:/dev/b', { PathOnHost: '/dev/a', PathInContainer: '/dev/b', CgroupPermissions: 'rwm' }],
    ['/dev/a:/dev/b:r', { PathOnHost: '/dev/a', PathInContainer: '/dev/b', CgroupPermissions: 'r' }],
  ])('reads the device %s', (value, expected) => {
    expect(bodyOf(`--device ${value} x`)).toMatchObject({ HostConfig: { Devices: [expected] } });
  });

  it('says what is missing', () => {
    expect(createBody(new Map(), [], '/')).toEqual({ ok: false, problem: 'the image is missing' });
    expect(createBody(new Map([['mount', ['type=bind,odd=1']]]), ['x'], '/')).toMatchObject({ ok: false });
  });

  it('is read back by the enforcer with the same mounts', () => {
    const path = fc.stringMatching(/^\/[a-z0-9 ._-]{1,20}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(path, path), { maxLength: 5 }), (mounts) => {
        const made = createBody(new Map([['volume', mounts.map((pair) => pair.join(':'))]]), ['alpine'], '/');
        const json = made.ok ? readJson(new TextEncoder().encode(JSON.stringify(made.body))) : undefined;
        const read = json?.ok && json.node.kind === 'object' ? readCreateBody(json.node) : undefined;
        const found = read?.ok ? read.value.mounts.map(({ source, target }) => [source, target]) : undefined;
        expect(found).toEqual(mounts);
      }),
    );
  });
});

describe('--mount', () => {
  it.each([
    ['type=bind,source=/a,target=/b', { Type: 'bind', Source: '/a', Target: '/b' }],
    ['type=bind,src=./a,dst=/b,ro', { Type: 'bind', Source: '/w/a', Target: '/b', ReadOnly: true }],
    ['source=v,destination=/b,readonly=false', { Type: 'volume', Source: 'v', Target: '/b' }],
    ['type=tmpfs,target=/t,tmpfs-size=1m', { Type: 'tmpfs', Source: '', Target: '/t' }],
    ['type=bind,"source=/a,b",target=/c', { Type: 'bind', Source: '/a,b', Target: '/c' }],
    ['"type=bind","source=/a ""q""",target=/c', { Type: 'bind', Source: '/a "q"', Target: '/c' }],
    [
      'type=volume,target=/v,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/run',
      {
        Type: 'volume',
        Source: '',
        Target: '/v',
        VolumeOptions: { DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/run' } } },
      },
    ],
  ])('reads %s', (value, mount) => {
    const read = parseMountFlag(value, '/w');
    expect(read.ok && JSON.parse(JSON.stringify(read.mount))).toEqual(mount);
  });

  it.each([
    ['type=bind,sorce=/a,target=/b', '--mount has no key "sorce" (in "sorce=/a")'],
    ['type=bind,source=/a', '--mount "type=bind,source=/a" has no target'],
  ])('says what is wrong with %s', (value, problem) => {
    expect(parseMountFlag(value, '/')).toEqual({ ok: false, problem });
  });

  it('reads anything without an exception', () => {
    fc.assert(fc.property(fc.string(), (value) => void parseMountFlag(value, '/')));
  });
});

describe('-v', () => {
  it.each([
    ['/a', { kind: 'anonymous', target: '/a' }],
    ['a:/b', { kind: 'bind', bind: 'a:/b' }],
    ['.:/b', { kind: 'bind', bind: '/w:/b' }],
    ['./a/../c:/b:ro', { kind: 'bind', bind: '/w/c:/b:ro' }],
  ])('reads %s', (value, expected) => {
    expect(parseVolumeFlag(value, '/w')).toEqual(expected);
  });

  it('makes paths absolute as the CLI does', () => {
    expect(absolute('../../../x', '/a/b')).toBe('/x');
    expect(absolute('.', '/')).toBe('/');
  });
});
