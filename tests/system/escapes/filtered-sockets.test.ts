import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { removeHolders, startHolder } from './holder.ts';

/** What leads out of containers, asked for on a standing socket and through the socket of a container. */
const lab = attachLab(inject('lab'));
const LABEL = { test: 'escapes' };
const SOCKET = '/var/run/docker.sock';
const work = join(lab.work, 'escapes');
const shared = join(work, 'shared');
const other = join(work, 'other');
let keeper: Running;
/** The path of the socket that the container "holder" has, which bound `shared` itself. */
let holders: string;

beforeAll(async () => {
  mkdirSync(join(shared, 'below'), { recursive: true });
  mkdirSync(other, { recursive: true });
  symlinkSync(other, join(shared, 'link'));
  for (const image of ['docker:cli', 'alpine']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
  holders = await startHolder(lab, keeper, 'holder', '-v', `${shared}:/work`, '-v', `${other}:/other:ro`);
  // Of others: created around Lockkeeper.
  const run = ['run', '-d', '--label', 'test=escapes'];
  await lab.dockerOutput([...run, '--name', 'strong', '-v', `${other}:/o`, 'alpine', 'sleep', '600']);
  await lab.dockerOutput([...run, '--name', 'plain', 'alpine', 'sleep', '600']);
  await lab.dockerOutput([
    'volume',
    'create',
    '--label',
    'test=escapes',
    '-o',
    'type=none',
    '-o',
    'o=bind',
    '-o',
    `device=${other}`,
    'esc-bound',
  ]);
  await lab.dockerOutput(['volume', 'create', '--label', 'test=escapes', 'esc-plain']);
});
afterAll(async () => {
  await removeHolders(lab);
  await lab.docker(['volume', 'rm', 'esc-bound', 'esc-plain', 'esc-made']);
  await lab.docker(['network', 'rm', 'esc-net']);
  await keeper.stop();
});

const standing = () => keeper.standing.replace('unix://', '');
const create = (HostConfig: object, more: object = {}) => ({
  Image: 'alpine',
  Cmd: ['true'],
  Labels: LABEL,
  HostConfig,
  ...more,
});
const send = async (socket: string, method: string, path: string, body?: object) => {
  const answer = await request(socket, `/v1.41${path}`, { method, body });
  return { status: answer.status, text: answer.body };
};

type Create = readonly [kind: string, hostConfig: object, more?: object];
type Request = readonly [kind: string, method: string, path: string, body?: object];

const CREATES: readonly Create[] = [
  ['privileged', { Privileged: true }],
  ['capabilities', { CapAdd: ['cap_sys_admin'] }],
  ['capabilities', { CapAdd: ['ALL'] }],
  ['devices', { Devices: [{ PathOnHost: '/dev/kmsg', PathInContainer: '/dev/kmsg', CgroupPermissions: 'r' }] }],
  ['devices', { DeviceCgroupRules: ['b *:* rwm'] }],
  ['devices', { DeviceRequests: [{ Driver: 'nvidia', Count: -1 }] }],
  ['security-options', { SecurityOpt: ['seccomp=unconfined'] }],
  ['security-options', { SecurityOpt: ['label:disable'] }],
  ['unmasked-paths', { MaskedPaths: [] }],
  ['unmasked-paths', { ReadonlyPaths: ['/proc/bus'] }],
  ['runtime', { Runtime: 'sysbox-runc' }],
  ['cgroup-parent', { CgroupParent: '/' }],
  ['annotations', { Annotations: { 'run.oci.handler': 'krun' } }],
  ['host-pid', { PidMode: 'host' }],
  ['host-ipc', { IpcMode: 'host' }],
  ['host-uts', { UTSMode: 'host' }],
  ['host-users', { UsernsMode: 'host' }],
  ['host-cgroup', { CgroupnsMode: 'host' }],
  ['host-network', { NetworkMode: 'host' }],
  ['host-network', {}, { NetworkingConfig: { EndpointsConfig: { host: {} } } }],
  ['joined-namespaces', { PidMode: 'container:strong' }],
  ['joined-namespaces', { NetworkMode: 'container:strong' }],
  ['bind-outside', { Binds: ['/etc:/e:ro'] }],
  ['bind-outside', { Mounts: [{ Type: 'bind', Source: '/srv', Target: '/h' }] }],
  [
    'volume-options',
    {
      Mounts: [
        {
          Type: 'volume',
          Target: '/v',
          VolumeOptions: { DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/etc' } } },
        },
      ],
    },
  ],
  ['volume-options', { Binds: ['esc-bound:/v'] }],
  ['volume-driver', { VolumeDriver: 'sshfs', Binds: ['x:/v'] }],
  ['log-driver', { LogConfig: { Type: 'syslog', Config: { 'syslog-address': `unix://${SOCKET}` } } }],
  ['stronger-container', { VolumesFrom: ['strong'] }],
  ['unknown-fields', { NewInTheNextEngine: { a: 1 } }],
  ['unknown-fields', { Mounts: [{ Type: 'tmpfs', Target: '/t', NewField: 1 }] }],
];

const REQUESTS: readonly Request[] = [
  ['privileged', 'POST', '/containers/plain/exec', { Cmd: ['id'], Privileged: true }],
  ['stronger-container', 'POST', '/containers/strong/exec', { Cmd: ['id'] }],
  ['stronger-container', 'POST', '/containers/strong/attach?stream=1'],
  ['stronger-container', 'POST', '/containers/strong/restart'],
  ['stronger-container', 'POST', '/containers/strong/rename?name=plainer'],
  ['stronger-container', 'GET', '/containers/strong/archive?path=/o'],
  ['stronger-container', 'PUT', '/containers/strong/archive?path=/o'],
  ['stronger-container', 'GET', '/containers/strong/export'],
  ['stronger-container', 'POST', '/commit?container=strong'],
  ['network-driver', 'POST', '/networks/create', { Name: 'esc-net', Driver: 'macvlan', Options: { parent: 'lo' } }],
  [
    'volume-options',
    'POST',
    '/volumes/create',
    { Name: 'esc-made', DriverOpts: { type: 'none', o: 'bind', device: '/' } },
  ],
  [
    'network-volumes',
    'POST',
    '/volumes/create',
    { Name: 'esc-made', DriverOpts: { type: 'nfs', o: 'addr=10.0.0.1', device: ':/x' } },
  ],
  ['volume-driver', 'POST', '/volumes/create', { Name: 'esc-made', Driver: 'sshfs' }],
  ['host-network', 'POST', '/build?networkmode=host'],
  ['joined-namespaces', 'POST', '/build?networkmode=container:strong'],
  ['host-network', 'POST', '/build?networkmode=HOSTS_ID'],
  ['cgroup-parent', 'POST', '/build?cgroupparent=/x'],
  ['local-url', 'POST', '/build?remote=http://127.1/Dockerfile'],
  ['local-url', 'POST', '/images/create?fromSrc=http://169.254.169.254/x&repo=esc'],
  ['plugins', 'POST', '/plugins/pull?remote=x', []],
  ['swarm', 'POST', '/swarm/init', {}],
  ['swarm', 'POST', '/services/create', {}],
  ['checkpoints', 'POST', '/containers/plain/checkpoints', { CheckpointID: 'x' }],
  ['checkpoints', 'POST', '/containers/plain/start?checkpoint-dir=/x'],
];

describe('refuses, with the reason of its own and the setting that opens it', () => {
  const refused = async (socket: string, kind: string, method: string, path: string, body?: object) => {
    const { status, text } = await send(socket, method, path, body);
    expect({ status, text }).toMatchObject({
      status: 403,
      text: expect.stringContaining('enhanced container isolation: '),
    });
    const setting =
      kind === 'bind-outside'
        ? 'a folder in lockkeeper.containerSockets.bindFrom'
        : `\\"${kind}\\" in lockkeeper.containerSockets.allow`;
    expect(text).toContain(setting);
    expect((await keeper.events()).at(-1)).toMatchObject({ outcome: 'refused', reason: `escape-${kind}` });
  };
  it.each(CREATES.map((row) => ({ row })))('$row', async ({ row: [kind, hostConfig, more] }) => {
    for (const socket of [standing(), holders]) {
      await refused(socket, kind, 'POST', '/containers/create', create(hostConfig, more));
    }
  });
  it.each(REQUESTS.map((row) => ({ row })))('$row', async ({ row: [kind, method, line, body] }) => {
    const path = line.replace('HOSTS_ID', await lab.dockerOutput(['network', 'inspect', '-f', '{{.Id}}', 'host']));
    for (const socket of [standing(), holders]) await refused(socket, kind, method, path, body);
  });

  // CVE-2026-34040: a filter looked at the first megabyte alone.
  it('what stands behind two megabytes of something else', async () => {
    const Labels = { ...LABEL, padding: 'x'.repeat(2 * 1024 * 1024) };
    const body = { Image: 'alpine', Labels, HostConfig: { Privileged: true } };
    for (const socket of [standing(), holders]) await refused(socket, 'privileged', 'POST', '/containers/create', body);
  });
  it("the host's network by its ID behind another name", async () => {
    const NetworkID = await lab.dockerOutput(['network', 'inspect', '-f', '{{.Id}}', 'host']);
    const body = create({}, { NetworkingConfig: { EndpointsConfig: { mine: { NetworkID } } } });
    await refused(standing(), 'host-network', 'POST', '/containers/create', body);
    const connect = { Container: 'plain', EndpointConfig: { NetworkID } };
    await refused(standing(), 'host-network', 'POST', '/networks/bridge/connect', connect);
  });
  it('folders that the holder has bound for reading, when they are to be written', async () => {
    await refused(holders, 'bind-outside', 'POST', '/containers/create', create({ Binds: [`${other}:/o`] }));
  });
  it('a link in a folder of its own that leads out of it', async () => {
    await refused(standing(), 'bind-outside', 'POST', '/containers/create', create({ Binds: [`${shared}/link:/o`] }));
    await refused(holders, 'bind-outside', 'POST', '/containers/create', create({ Binds: [`${shared}/link:/o`] }));
  });
  it('a restart policy with a source below a folder in which somebody can write', async () => {
    const body = create({ Binds: [`${shared}/below:/b`], RestartPolicy: { Name: 'always' } });
    await refused(holders, 'restart-policy', 'POST', '/containers/create', body);
    const plain = await send(
      holders,
      'POST',
      '/containers/create?name=esc-later',
      create({ Binds: [`${shared}/below:/b`] }),
    );
    expect(plain.status).toBe(201);
    await refused(holders, 'restart-policy', 'POST', '/containers/esc-later/update', {
      RestartPolicy: { Name: 'always' },
    });
  });
});

describe('lets through what stays inside', () => {
  it.each<readonly [object]>([
    [{}],
    [{ CapDrop: ['ALL'], CapAdd: ['net_raw'] }],
    [{ SecurityOpt: ['no-new-privileges'] }],
    [{ MaskedPaths: null, ReadonlyPaths: null, Runtime: 'runc', CgroupnsMode: 'private', IpcMode: 'shareable' }],
    [{ NetworkMode: 'none' }],
    [{ NetworkMode: 'container:plain', PidMode: 'container:plain' }],
    [{ Binds: ['esc-plain:/v'], Tmpfs: { '/t': '' } }],
    [
      {
        Mounts: [
          {
            Type: 'volume',
            Target: '/v',
            VolumeOptions: { DriverConfig: { Options: { type: 'tmpfs', device: 'tmpfs' } } },
          },
        ],
      },
    ],
    [{ RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 1 } }],
    [{ LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } } }],
    [{ NewInTheNextEngine: null, Another: [], Flag: false }],
    [{ VolumesFrom: ['plain'] }],
  ])('%j', async (hostConfig) => {
    const { status, text } = await send(standing(), 'POST', '/containers/create', create(hostConfig));
    expect({ status, text }).toMatchObject({ status: 201 });
    const { Id } = JSON.parse(text) as { Id: string };
    expect(await send(standing(), 'POST', `/containers/${Id}/start`)).toMatchObject({ status: 204 });
  });

  it('says of a container that is not there what the engine says', async () => {
    for (const path of ['/containers/nobody/start', '/containers/nobody/attach', '/commit?container=nobody']) {
      const answer = await send(standing(), 'POST', path);
      expect(answer).toMatchObject({ status: 404, text: expect.stringContaining('"No such container: nobody"') });
      // Some engines say it to an attach in plain text.
      const { status, text } = await send(lab.engineSocket, 'POST', path);
      expect({ status, text }).toMatchObject({
        status: 404,
        text: expect.stringContaining('No such container: nobody'),
      });
    }
    const [told] = (await keeper.events()).filter(({ path }) => String(path).includes('/nobody/start'));
    expect(told).toMatchObject({ outcome: 'passed', status: 404 });
  });

  it('what the holder has bound itself, and below', async () => {
    for (const bind of [`${shared}:/a`, `${shared}/below:/b`, `${shared}/below/../:/c`, `${other}:/o:ro`]) {
      const { status, text } = await send(holders, 'POST', '/containers/create', create({ Binds: [bind] }));
      expect({ bind, status, text }).toMatchObject({ status: 201 });
    }
  });

  it('what it does in containers of its own, and in those that hold nothing more', async () => {
    const { text } = await send(
      holders,
      'POST',
      '/containers/create?name=esc-own',
      create({ Binds: [`${shared}:/a`] }),
    );
    const { Id } = JSON.parse(text);
    expect((await send(holders, 'POST', `/containers/${Id}/start`)).status).toBe(204);
    expect((await send(holders, 'GET', `/containers/esc-own/archive?path=/a`)).status).toBe(200);
    const exec = await send(holders, 'POST', '/containers/plain/exec', { Cmd: ['true'] });
    expect(exec.status).toBe(201);
    expect((await send(standing(), 'GET', '/containers/esc-own/archive?path=/a')).status).toBe(403);
  });

  it('what the policy opens, and tells of it', async () => {
    const open = { hostEscape: 'deny', allow: ['privileged', 'host-pid'], bindFrom: [other] };
    await keeper.apply({ images: ['docker:cli'], lockkeeper: { containerSockets: open } });
    const body = create({ Privileged: true, PidMode: 'host', Binds: [`${other}:/o`] });
    expect((await send(standing(), 'POST', '/containers/create', body)).status).toBe(201);
    expect((await keeper.events()).at(-1)).toMatchObject({
      outcome: 'passed',
      escapes: ['privileged (Privileged: true)', 'host-pid (PidMode: "host")'],
    });
    expect((await send(standing(), 'POST', '/containers/create', create({ IpcMode: 'host' }))).status).toBe(403);
    await keeper.apply({ images: ['docker:cli'], lockkeeper: { containerSockets: { hostEscape: 'report' } } });
    expect((await send(standing(), 'POST', '/containers/create', create({ IpcMode: 'host' }))).status).toBe(201);
    expect((await keeper.events()).at(-1)).toMatchObject({
      outcome: 'passed',
      escapes: ['host-ipc (IpcMode: "host")'],
    });
    await keeper.apply({ images: ['docker:cli'] });
  });
});

describe('the host gate', () => {
  it('lets it through and tells of it', async () => {
    const body = create({ Privileged: true });
    expect((await send(keeper.hostGate, 'POST', '/containers/create', body)).status).toBe(201);
    expect((await keeper.events()).at(-1)).toMatchObject({
      outcome: 'passed',
      escapes: ['privileged (Privileged: true)'],
    });
    expect(
      (await send(keeper.hostGate, 'POST', '/containers/strong/exec', { Cmd: ['id'], Privileged: true })).status,
    ).toBe(201);
    expect((await keeper.events()).at(-1)).toMatchObject({
      operation: 'ContainerExec',
      escapes: ['privileged (Privileged: true)'],
    });
  });

  it('refuses it where the policy says so', async () => {
    await keeper.apply({ images: ['docker:cli'], lockkeeper: { hostGate: { hostEscape: 'deny' } } });
    const refused = await send(keeper.hostGate, 'POST', '/containers/create', create({ Privileged: true }));
    expect(refused).toMatchObject({ status: 403, text: expect.stringContaining('lockkeeper.hostGate.hostEscape: ') });
    // Who binds what is not for the host gate to say.
    expect((await send(keeper.hostGate, 'POST', '/containers/create', create({ Binds: ['/etc:/e:ro'] }))).status).toBe(
      201,
    );
    await keeper.apply({ images: ['docker:cli'] });
  });
});
