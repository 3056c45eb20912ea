import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeldEscapes } from '../../../../shared/escape/create-escapes.ts';
import { createOf, kindsIn, objectOf } from './read.ts';

/** What the docker CLI sends for a container with nothing special (28.5, `docker run alpine`). */
const ORDINARY = {
  Binds: null,
  ContainerIDFile: '',
  LogConfig: { Type: '', Config: {} },
  NetworkMode: 'default',
  PortBindings: {},
  RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
  AutoRemove: false,
  VolumeDriver: '',
  VolumesFrom: null,
  ConsoleSize: [0, 0],
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: '',
  Dns: [],
  DnsOptions: [],
  DnsSearch: [],
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: '',
  Cgroup: '',
  Links: null,
  OomScoreAdj: 0,
  PidMode: '',
  Privileged: false,
  PublishAllPorts: false,
  ReadonlyRootfs: false,
  SecurityOpt: null,
  UTSMode: '',
  UsernsMode: '',
  ShmSize: 0,
  Isolation: '',
  CpuShares: 0,
  CgroupParent: '',
  BlkioWeightDevice: [],
  Devices: [],
  DeviceCgroupRules: null,
  DeviceRequests: null,
  MemorySwappiness: -1,
  OomKillDisable: false,
  PidsLimit: 0,
  Ulimits: [],
  MaskedPaths: null,
  ReadonlyPaths: null,
};

/** As 20.10 reports them. */
const MASKED = [
  ...['/proc/asound', '/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/timer_list'],
  ...['/proc/timer_stats', '/proc/sched_debug', '/proc/scsi', '/sys/firmware'],
];

describe('readCreateEscapes', () => {
  it('finds nothing in what the docker CLI sends', () => {
    expect(createOf({ Image: 'alpine', HostConfig: ORDINARY })).toEqual({
      escapes: [],
      joins: [],
      networks: [],
      restarts: false,
    });
  });

  it.each([
    ['privileged', { Privileged: true }],
    ['capabilities', { CapAdd: ['NET_RAW', 'CAP_Sys_Ptrace'] }],
    ['capabilities', { CapAdd: ['all'] }],
    ['capabilities', { Capabilities: ['CAP_SYS_ADMIN'] }],
    ['devices', { Devices: [{}] }],
    ['devices', { DeviceCgroupRules: ['a *:* rwm'] }],
    ['security-options', { SecurityOpt: ['no-new-privileges', 'apparmor:unconfined'] }],
    ['security-options', { SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'] }],
    ['security-options', { SecurityOpt: ['label=type:container_runtime_t'] }],
    ['security-options', { SecurityOpt: ['writable-cgroups=true'] }],
    ['volume-options', { Tmpfs: { '/a': 'size=1m', '/b': 'rw,rbind' } }],
    ['unmasked-paths', { MaskedPaths: [] }],
    ['unmasked-paths', { MaskedPaths: ['/proc/kcore'] }],
    ['unmasked-paths', { ReadonlyPaths: [] }],
    ['runtime', { Runtime: 'kata' }],
    ['cgroup-parent', { CgroupParent: '/docker' }],
    ['annotations', { Annotations: { a: 'b' } }],
    ['host-users', { UsernsMode: 'host' }],
    ['volume-driver', { VolumeDriver: 'rexray' }],
    ['log-driver', { LogConfig: { Type: 'fluentd' } }],
    // Of the engine's default driver, whichever that is; and a file of Podman's.
    ['log-driver', { LogConfig: { Config: { 'syslog-address': 'unixgram:///run/docker.sock' } } }],
    ['log-driver', { LogConfig: { Type: 'json-file', Config: { path: '/etc/cron.d/x' } } }],
    ['log-driver', { LogConfig: { Config: { 'max-size': '1m', Path: '/x' } } }],
    ['host-pid', { PidMode: 'ns:/proc/1/ns/pid' }],
    ['host-ipc', { IpcMode: 'ns:/proc/1/ns/ipc' }],
    ['host-uts', { UTSMode: 'ns:/proc/1/ns/uts' }],
    ['host-users', { UsernsMode: 'keep-id' }],
    ['host-cgroup', { CgroupnsMode: 'ns:/proc/1/ns/cgroup' }],
    ['host-network', { NetworkMode: 'ns:/proc/1/ns/net' }],
    ['host-network', { NetworkMode: 'slirp4netns:allow_host_loopback=true' }],
    ['unmasked-paths', { MaskedPaths: MASKED.filter((path) => path !== '/proc/acpi') }],
    ['unknown-fields', { Blkio: { a: [1] } }],
    ['unknown-fields', { Mounts: [{ Type: 'cluster' }] }],
    ['unknown-fields', { Mounts: [{ Type: 'bind', BindOptions: { New: true } }] }],
  ])('finds %s in %j, in HostConfig', (kind, hostConfig) => {
    expect(kindsIn({ HostConfig: { ...ORDINARY, ...hostConfig } })).toEqual([kind]);
  });

  it('finds what stands at the top level, where engines up to 26.1 take it', () => {
    expect(kindsIn({ Privileged: true, PidMode: 'host' })).toEqual(['privileged', 'host-pid']);
    expect(kindsIn({ Privileged: true, HostConfig: {} })).toEqual(['privileged']);
  });

  it('takes what confines as the engine does for what it is', () => {
    const options = ['no-new-privileges:true', 'apparmor=docker-default', 'seccomp=builtin'];
    expect(
      kindsIn({ HostConfig: { MaskedPaths: [...MASKED, '/more'], SecurityOpt: options, Runtime: 'runc' } }),
    ).toEqual([]);
  });

  it.each(['privileged', 'PRIVILEGED', 'Priv\\u0131leged', 'capadd', '\\u017fecurityOpt', 'Maſkedpaths'])(
    'refuses another spelling of a key that it inspects: %s',
    (key) => {
      const found = kindsIn(`{"HostConfig":{"${key}":true}}`);
      // A dotless i folds to no other letter, so that the engine ignores that one.
      if (key.includes('0131')) expect(found).toEqual(['unknown-fields']);
      else expect(found).toMatch(/must be spelled/);
    },
  );

  it('reads whose namespaces would be joined, and which networks', () => {
    const body = {
      HostConfig: { NetworkMode: 'container:a', PidMode: 'container:b', IpcMode: 'container:c' },
      NetworkingConfig: { EndpointsConfig: { inner: {}, default: {} } },
    };
    expect(createOf(body)).toMatchObject({
      joins: [
        { field: 'NetworkMode', container: 'a' },
        { field: 'PidMode', container: 'b' },
        { field: 'IpcMode', container: 'c' },
      ],
      networks: ['inner'],
    });
    expect(createOf({ HostConfig: { NetworkMode: 'mine' } })).toMatchObject({ networks: ['mine'] });
    const byId = { NetworkingConfig: { EndpointsConfig: { mine: { NetworkID: 'f00' } } } };
    expect(createOf(byId)).toMatchObject({ networks: ['mine', 'f00'] });
  });

  it.each(['always', 'unless-stopped', 'on-failure'])('reads the restart policy %s', (Name) => {
    expect(createOf({ HostConfig: { RestartPolicy: { Name } } })).toMatchObject({ restarts: true });
  });

  it('finds any field that it does not know, unless it says nothing', () => {
    const zero = fc.constantFrom(null, false, 0, '', [], {}, { a: { b: [] } });
    const name = fc.stringMatching(/^Zz[a-z]{1,8}$/);
    fc.assert(
      fc.property(name, zero, (key, value) => {
        expect(kindsIn({ HostConfig: { [key]: value } })).toEqual([]);
      }),
    );
    const something = fc.oneof(
      fc.constant(true),
      fc.integer({ min: 1 }),
      fc.string({ minLength: 1 }),
      fc.constant([0]),
    );
    fc.assert(
      fc.property(name, something, (key, value) => {
        expect(kindsIn({ HostConfig: { [key]: value } })).toEqual(['unknown-fields']);
      }),
    );
  });
});

describe('readHeldEscapes', () => {
  it('finds nothing in an ordinary container as engines report it, whatever control groups they have', () => {
    const reported = { ...ORDINARY, CgroupnsMode: 'host', IpcMode: 'private', Runtime: 'runc', NetworkMode: 'bridge' };
    expect(readHeldEscapes(objectOf(reported))).toEqual({ ok: true, value: { escapes: [], joins: [] } });
  });

  it('finds joined namespaces, whoever has them', () => {
    expect(readHeldEscapes(objectOf({ PidMode: 'container:x' }))).toMatchObject({
      value: { escapes: [], joins: [{ field: 'PidMode', container: 'x' }] },
    });
  });
});
