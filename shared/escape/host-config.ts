import { field, objects, stringMap, strings } from '../engine-api/body-fields.ts';
import { foldKey } from '../json/fold.ts';
import type { JsonObject } from '../json/json-node.ts';
import { shownKey } from '../json/shown-key.ts';
import { beyondDefault } from './capabilities.ts';
import type { Escape, EscapeKind } from './kinds.ts';
import { isForeignNetwork } from './networks.ts';
import { empty, type FieldReader, flag, isZero, textWhere, wayOut } from './read-levels.ts';
import { mountsOther, readVolumeOptions, unknownFields } from './volume-options.ts';

/** Whose mounting is judged by what is mounted, not here, or what limits a container or only arranges it. */
const harmless = undefined;

/** The runtimes that are the engine's own ones (moby daemon/runtime_unix.go). */
const OWN_RUNTIMES = new Set(['runc', 'io.containerd.runc.v2']);

/** Log drivers by which the engine connects to nobody. */
const LOCAL_LOGS = new Set(['', 'json-file', 'local', 'journald', 'none', 'etwlogs']);

/**
 * Options of those, in which nothing names a place (moby daemon/logger, loggerutils/cache). Podman's have a `path`, any
 * file of the machine, which it writes.
 */
const LOCAL_LOG_OPTIONS = new Set(
  (
    'max-size max-file max-buffer-size compress mode tag labels labels-regex env env-regex ' +
    'cache-disabled cache-max-size cache-max-file cache-compress'
  ).split(' '),
);

/** Options that confine a container more, or as the engine does anyway. */
const CONFINING = /^(no-new-privileges([=:](true|false))?|apparmor[=:]docker-default|seccomp[=:]builtin)$/;

/** What engines hide and write-protect since 19.03; later ones added to it (moby oci/defaults.go). */
const MASKED = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
];
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/**
 * Every field of HostConfig up to API 1.56 (moby api/types/container HostConfig), by what it can let out. A field that is
 * not here is one that this version does not know.
 */
const fields: Readonly<Record<string, FieldReader | undefined>> = {
  Privileged: flag('privileged'),
  CapAdd: capabilities,
  Capabilities: capabilities,
  CapDrop: harmless,
  Devices: empty('devices', 'array'),
  DeviceRequests: empty('devices', 'array'),
  DeviceCgroupRules: empty('devices', 'array'),
  SecurityOpt: securityOptions,
  MaskedPaths: paths(MASKED),
  ReadonlyPaths: paths(READ_ONLY),
  Runtime: textWhere('runtime', (name) => !OWN_RUNTIMES.has(name)),
  CgroupParent: textWhere('cgroup-parent', () => true),
  Cgroup: textWhere('cgroup-parent', () => true),
  Annotations: empty('annotations', 'object'),
  PidMode: namespace('host-pid', 'private'),
  IpcMode: namespace('host-ipc', 'none', 'private', 'shareable'),
  UTSMode: namespace('host-uts', 'private'),
  UsernsMode: namespace('host-users', 'private'),
  CgroupnsMode: namespace('host-cgroup', 'private'),
  NetworkMode: textWhere('host-network', (mode) => mode === 'host' || isForeignNetwork(mode)),
  VolumeDriver: textWhere('volume-driver', (name) => name !== 'local'),
  LogConfig: logConfig,
  Mounts: mountFields,
  // By what they mount, or by when they do.
  Binds: harmless,
  VolumesFrom: harmless,
  RestartPolicy: harmless,
  AutoRemove: harmless,
  // What a container gets of its own, or what limits it.
  BlkioDeviceReadBps: harmless,
  BlkioDeviceReadIOps: harmless,
  BlkioDeviceWriteBps: harmless,
  BlkioDeviceWriteIOps: harmless,
  BlkioWeight: harmless,
  BlkioWeightDevice: harmless,
  ConsoleSize: harmless,
  // Where the CLI, not the engine, wrote an ID.
  ContainerIDFile: harmless,
  CpuCount: harmless,
  CpuPercent: harmless,
  CpuPeriod: harmless,
  CpuQuota: harmless,
  CpuRealtimePeriod: harmless,
  CpuRealtimeRuntime: harmless,
  CpuShares: harmless,
  CpusetCpus: harmless,
  CpusetMems: harmless,
  Dns: harmless,
  DnsOptions: harmless,
  DnsSearch: harmless,
  ExtraHosts: harmless,
  GroupAdd: harmless,
  IOMaximumBandwidth: harmless,
  IOMaximumIOps: harmless,
  Init: harmless,
  Isolation: harmless,
  KernelMemory: harmless,
  KernelMemoryTCP: harmless,
  Links: harmless,
  Memory: harmless,
  MemoryReservation: harmless,
  MemorySwap: harmless,
  MemorySwappiness: harmless,
  NanoCpus: harmless,
  OomKillDisable: harmless,
  OomScoreAdj: harmless,
  PidsLimit: harmless,
  PortBindings: harmless,
  PublishAllPorts: harmless,
  ReadonlyRootfs: harmless,
  ShmSize: harmless,
  StorageOpt: harmless,
  // The engine takes only those that are the container's own (moby runconfig and runc validate).
  Sysctls: harmless,
  Tmpfs: tmpfsOptions,
  Ulimits: harmless,
};

const readers = Object.entries(fields).filter((entry): entry is [string, FieldReader] => entry[1] !== undefined);
const known: ReadonlySet<string> = new Set(Object.keys(fields).map(foldKey));

/** What the fields of a HostConfig let out, wherever they stand: in it, or at the top level for engines up to 26.1. */
export function fieldEscapes(level: JsonObject): readonly Escape[] {
  return readers.flatMap(([name, read]) => read(level, name));
}

/** Fields of a HostConfig that are new to this version and say something. */
export function unknownHostConfig(hostConfig: JsonObject): readonly Escape[] {
  return hostConfig.members
    .filter(({ key, value }) => !known.has(foldKey(key)) && !isZero(value))
    .map(({ key }) => ({ kind: 'unknown-fields', found: `HostConfig.${shownKey(key)}` }));
}

/**
 * One that is the container's own is one of those named; `container:NAME` is judged by that container. What else there may
 * be is taken for the machine's: Podman's `ns:PATH` is any namespace whatever.
 */
function namespace(kind: EscapeKind, ...own: readonly string[]): FieldReader {
  return textWhere(kind, (mode) => !own.includes(mode) && !mode.startsWith('container:'));
}

function capabilities(level: JsonObject, name: string): readonly Escape[] {
  const beyond = beyondDefault(strings(field(level, name, 'array'), name));
  return beyond.length === 0 ? [] : [wayOut('capabilities', name, beyond.join(', '))];
}

function securityOptions(level: JsonObject, name: string): readonly Escape[] {
  const loose = strings(field(level, name, 'array'), name).filter((option) => !CONFINING.test(option));
  return loose.length === 0 ? [] : [wayOut('security-options', name, shortened(loose.join(', ')))];
}

/** A profile for seccomp comes whole. */
function shortened(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}

/** `null` means the engine's own list; a list that is given takes its place. */
function paths(least: readonly string[]): FieldReader {
  return (level, name) => {
    const list = field(level, name, 'array');
    if (list === undefined) return [];
    const given = new Set(strings(list, name));
    const open = least.filter((path) => !given.has(path));
    return open.length === 0 ? [] : [wayOut('unmasked-paths', name, `without ${open.join(', ')}`)];
  };
}

/** Without a type, the options are those of whatever driver the engine has by default. */
function logConfig(level: JsonObject, name: string): readonly Escape[] {
  const config = field(level, name, 'object');
  const type = (config && field(config, 'Type', 'string')?.value) ?? '';
  if (!LOCAL_LOGS.has(type)) return [wayOut('log-driver', `${name}.Type`, `"${type}"`)];
  const options = Object.keys(stringMap(config && field(config, 'Config', 'object')));
  const other = options.filter((option) => !LOCAL_LOG_OPTIONS.has(option));
  return other.length === 0 ? [] : [wayOut('log-driver', `${name}.Config`, shortened(other.join(', ')))];
}

/** runc takes a tmpfs with the option `bind` for a bind of what lies in the container's own folder on the machine. */
function tmpfsOptions(level: JsonObject, name: string): readonly Escape[] {
  const other = Object.values(stringMap(field(level, name, 'object'))).filter(mountsOther);
  return other.map((options) => wayOut('volume-options', name, `"${shortened(options)}"`));
}

const MOUNT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': [
    'Type',
    'Source',
    'Target',
    'ReadOnly',
    'Consistency',
    'BindOptions',
    'VolumeOptions',
    'ImageOptions',
    'TmpfsOptions',
  ],
  BindOptions: ['Propagation', 'NonRecursive', 'CreateMountpoint', 'ReadOnlyNonRecursive', 'ReadOnlyForceRecursive'],
  VolumeOptions: ['NoCopy', 'Labels', 'DriverConfig', 'Subpath'],
  ImageOptions: ['Subpath'],
  TmpfsOptions: ['SizeBytes', 'Mode', 'Options'],
};
const MOUNT_TYPES = new Set(['', 'bind', 'volume', 'tmpfs', 'image', 'npipe']);

function mountFields(level: JsonObject, name: string): readonly Escape[] {
  return objects(field(level, name, 'array'), name).flatMap((mount) => {
    const type = field(mount, 'Type', 'string')?.value ?? '';
    const volume = field(mount, 'VolumeOptions', 'object');
    const driver = volume && field(volume, 'DriverConfig', 'object');
    return [
      ...(MOUNT_TYPES.has(type) ? [] : [wayOut('unknown-fields', 'Mounts.Type', `"${type}"`)]),
      ...Object.entries(MOUNT_FIELDS).flatMap(([part, names]) => {
        const object = part === '' ? mount : field(mount, part, 'object');
        return object === undefined ? [] : unknownFields(object, names, part === '' ? 'Mounts' : `Mounts.${part}`);
      }),
      ...(driver === undefined
        ? []
        : readVolumeOptions(driver, 'Name', 'Options', 'Mounts.VolumeOptions.DriverConfig')),
    ];
  });
}
