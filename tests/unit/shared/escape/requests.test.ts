import { describe, expect, it } from 'vitest';
import { identifyOperation, operationIds } from '../../../../shared/engine-api/operation.ts';
import { bodyReader, mayLeadOut, reachesInto, requestEscapes } from '../../../../shared/escape/by-operation.ts';
import { escapeKinds, escapeReasons } from '../../../../shared/escape/kinds.ts';
import { hostOf, isLocalHost } from '../../../../shared/escape/local-url.ts';
import { networkEscapes } from '../../../../shared/escape/networks.ts';
import { volumeEscapes } from '../../../../shared/escape/volume-options.ts';
import { parseRequestTarget } from '../../../../shared/http/request-target.ts';
import { objectOf } from './read.ts';

function found(line: string): readonly string[] {
  const [method = '', path = ''] = line.split(' ');
  const target = parseRequestTarget(path);
  if (!target.ok) throw new Error(target.problem);
  return requestEscapes(identifyOperation(method, target.target)).map(({ kind, found: what }) => `${kind} ${what}`);
}

describe('requestEscapes', () => {
  it.each([
    ['POST /v1.43/build?networkmode=host', ['host-network networkmode: "host"']],
    ['POST /build?networkmode=default&remote=client-session', []],
    ['POST /build?networkmode=none&networkmode=host', ['host-network networkmode: "host"']],
    ['POST /build?networkmode=ns:/proc/1/ns/net', ['host-network networkmode: "ns:/proc/1/ns/net"']],
    ['PUT /volumes/a', ['swarm /volumes/a']],
    ['POST /build?cgroupparent=/x', ['cgroup-parent cgroupparent: "/x"']],
    ['POST /build?remote=https://ada:pw@localhost:80/a', ['local-url remote: "localhost"']],
    ['POST /images/create?fromSrc=http://127.1/&repo=a', ['local-url fromSrc: "127.1"']],
    ['POST /build?networkmode=ns:/proc/1/ns/net', ['host-network networkmode: "ns:/proc/1/ns/net"']],
    ['POST /build?networkmode=container:a', []],
    ['POST /build?securityopt=%5B%22seccomp=unconfined%22%5D', ['security-options the parameter "securityopt"']],
    ['POST /build?securityopt=null&buildargs={}&t=a&t=b&outputs=[]', []],
    ['POST /build?nsoptions=x&devices=', ['unknown-fields the parameter "nsoptions"']],
    ['POST /images/create?fromSrc=/etc/backup.tar', ['local-url fromSrc without "http://"']],
    ['POST /images/create?fromSrc=https://example.com/a.tar', []],
    ['POST /images/create?fromSrc=-&repo=a', []],
    ['POST /images/create?fromImage=localhost:5000/a&tag=b', []],
    ['POST /containers/a/start', []],
    ['POST /containers/a/start?checkpoint=c', ['checkpoints checkpoint: "c"']],
    ['POST /swarm/init', ['swarm /swarm/init']],
    ['POST /v1.41/plugins/a/b/enable', ['plugins /plugins/a/b/enable']],
  ])('%s', (line, what) => {
    expect(found(line)).toEqual(what);
  });

  it('has a reason for each kind, and says of every operation whether something may lead out of it', () => {
    expect(Object.keys(escapeReasons).sort()).toEqual([...escapeKinds].sort());
    const not = operationIds.filter((id) => !mayLeadOut(id));
    expect(not).toContain('ContainerList');
    expect(not.filter((id) => /^(Plugin|Swarm|Service|Node|Secret|Config|Checkpoint)/.test(id)).sort()).toEqual([
      'ConfigInspect',
      'ConfigList',
      'NodeInspect',
      'NodeList',
      'PluginInspect',
      'PluginList',
      'PluginPrivileges',
      'SecretInspect',
      'SecretList',
      'ServiceInspect',
      'ServiceList',
      'ServiceLogs',
    ]);
    expect(operationIds.filter(reachesInto).every(mayLeadOut)).toBe(true);
  });
});

describe('bodies', () => {
  it.each([
    ['ContainerExec', { Privileged: true }, ['privileged']],
    ['ContainerExec', { Privileged: false }, []],
    ['ContainerUpdate', { Memory: 1, RestartPolicy: { Name: 'always' } }, []],
    ['ContainerUpdate', { Devices: [{}] }, ['devices']],
    ['NetworkCreate', { Name: 'a', Driver: 'bridge' }, []],
    [
      'NetworkCreate',
      { Name: 'a', Driver: 'ipvlan', Options: { parent: 'eth0' } },
      ['network-driver', 'network-driver'],
    ],
    ['NetworkCreate', { Name: 'a', IPAM: { Driver: 'dhcp' } }, ['network-driver']],
    ['NetworkCreate', { Name: 'a', Options: { 'com.docker.network.bridge.name': 'br0' } }, ['network-driver']],
    ['VolumeCreate', { Name: 'a' }, []],
    ['VolumeCreate', { Name: 'a', ClusterVolumeSpec: { Group: 'g' } }, ['unknown-fields']],
    ['VolumeCreate', { DriverOpts: { o: 'bind', device: '/' } }, ['volume-options']],
  ] as const)('%s %j', (id, body, kinds) => {
    const reading = bodyReader(id)?.(objectOf(body));
    expect(reading?.ok === true && reading.value.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('refuses another spelling of what it inspects', () => {
    expect(bodyReader('ContainerExec')?.(objectOf({ privileged: true }))).toMatchObject({ ok: false });
  });

  it('refuses a null where the engine needs an object', () => {
    expect(bodyReader('ContainerUpdate')?.(objectOf({ Ulimits: [null] }))).toMatchObject({ ok: false });
  });
});

describe('volumeEscapes', () => {
  it.each([
    ['', {}, []],
    ['local', { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' }, []],
    ['local', { type: 'nfs4', device: ':/x', o: 'addr=1.2.3.4,rw' }, ['network-volumes']],
    ['', { type: 'nfs', device: '/', o: 'bind' }, ['volume-options']],
    ['', { type: 'tmpfs', device: '/etc', o: 'rw, BIND' }, ['volume-options']],
    ['', { type: 'ext4', device: '/dev/sda1' }, ['volume-options']],
    ['', { type: 'proc', device: 'proc' }, ['volume-options']],
    ['', { type: 'overlay', device: 'overlay', o: 'lowerdir=/' }, ['volume-options']],
    ['vieux/sshfs', {}, ['volume-driver']],
  ] as const)('"%s" %j', (driver, options, kinds) => {
    expect(volumeEscapes(driver, options, 'v').map(({ kind }) => kind)).toEqual(kinds);
  });

  it('tells flags without their values, where passwords are', () => {
    const [found] = volumeEscapes('', { type: 'cifs', device: '//s/x', o: 'username=a,password=secret' }, 'v');
    expect(found?.found).toBe('v: type "cifs", o "username,password", device "//s/x"');
  });
});

it("knows the networks that are the machine's", () => {
  expect(networkEscapes('a', 'bridge')).toEqual([]);
  expect(networkEscapes('a', 'host')).toMatchObject([{ kind: 'host-network' }]);
  expect(networkEscapes('a', 'weave')).toMatchObject([{ kind: 'network-driver' }]);
});

const isLocal = (url: string) => isLocalHost(hostOf(url) ?? '');

describe('isLocalHost', () => {
  it.each([
    'http://localhost/a',
    'https://a.LOCALHOST:8080/',
    'http://127.0.0.1:2375/x',
    'http://127.1',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://user:pw@169.254.169.254/latest',
    'http://[::1]/',
    'http://[::]:80/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[fe80::1%25eth0]/',
    'http://host.docker.internal/',
    'git@localhost:a/b.git',
    '127.0.0.1/a',
    'http://①②⑦.0.0.1/',
    'http://ⓛocalhost/',
    'http://%E2%93%9Bocalhost/',
    'http://127。0。0。1/',
  ])('%s is the machine', (url) => {
    expect(isLocal(url)).toBe(true);
  });

  it.each([
    '',
    'client-session',
    'https://example.com/rootfs.tar',
    'https://10.0.0.1/a',
    'https://128.0.0.1/a',
    'https://[2001:db8::1]/a',
    'git@github.com:a/b.git#main:folder',
    'github.com/a/localhost',
    'https://localhost.example.com/',
    'https://169.253.1.1/',
  ])('%s is not', (url) => {
    expect(isLocal(url)).toBe(false);
  });
});
