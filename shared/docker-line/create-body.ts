import { type MountObject, parseMountFlag } from './mount-flag.ts';
import { type Flags, isSet, lastOf } from './parse-flags.ts';
import { parseVolumeFlag } from './volume-flag.ts';

/** The body of `POST /containers/create`, as far as anybody judges it. */
export type CreateBody = Readonly<Record<string, unknown>>;

export type CreateBodyResult =
  | { readonly ok: true; readonly body: CreateBody }
  | { readonly ok: false; readonly problem: string };

/** Where the CLI takes the engine's socket to be (`--use-api-socket`), wherever it was told to connect itself. */
const API_SOCKET = '/var/run/docker.sock';

/** Flags that go into HostConfig as they are, by their field. */
const texts: readonly (readonly [flag: string, field: string])[] = [
  ['pid', 'PidMode'],
  ['ipc', 'IpcMode'],
  ['uts', 'UTSMode'],
  ['userns', 'UsernsMode'],
  ['cgroupns', 'CgroupnsMode'],
  ['cgroup-parent', 'CgroupParent'],
  ['runtime', 'Runtime'],
  ['volume-driver', 'VolumeDriver'],
];

const lists: readonly (readonly [flag: string, field: string])[] = [
  ['volumes-from', 'VolumesFrom'],
  ['cap-add', 'CapAdd'],
  ['cap-drop', 'CapDrop'],
  ['security-opt', 'SecurityOpt'],
  ['device-cgroup-rule', 'DeviceCgroupRules'],
  ['group-add', 'GroupAdd'],
];

/** The body that `docker run` and `docker create` send; `folder` is where they are run. */
export function createBody(flags: Flags, args: readonly string[], folder: string): CreateBodyResult {
  const [image, ...command] = args;
  if (image === undefined) return { ok: false, problem: 'the image is missing' };
  const mounts: MountObject[] = [];
  for (const value of flags.get('mount') ?? []) {
    const parsed = parseMountFlag(value, folder);
    if (!parsed.ok) return parsed;
    mounts.push(parsed.mount);
  }
  if (isSet(flags, 'use-api-socket')) mounts.push({ Type: 'bind', Source: API_SOCKET, Target: API_SOCKET });
  const volumes = (flags.get('volume') ?? []).map((value) => parseVolumeFlag(value, folder));
  const anonymous = volumes.flatMap((volume) => (volume.kind === 'anonymous' ? [[volume.target, {}] as const] : []));
  const body = {
    Image: image,
    ...(command.length > 0 && { Cmd: command }),
    ...(anonymous.length > 0 && { Volumes: Object.fromEntries(anonymous) }),
    HostConfig: {
      Binds: volumes.flatMap((volume) => (volume.kind === 'bind' ? [volume.bind] : [])),
      Mounts: mounts,
      ...tmpfs(flags),
      ...hostConfig(flags),
    },
  };
  return { ok: true, body };
}

function hostConfig(flags: Flags): Readonly<Record<string, unknown>> {
  const network = lastOf(flags, 'network') ?? lastOf(flags, 'net');
  const restart = lastOf(flags, 'restart');
  const log = lastOf(flags, 'log-driver');
  const devices = (flags.get('device') ?? []).map(device);
  return {
    ...Object.fromEntries(texts.flatMap(([flag, field]) => given(field, lastOf(flags, flag)))),
    ...Object.fromEntries(lists.flatMap(([flag, field]) => given(field, flags.get(flag)))),
    ...(isSet(flags, 'privileged') && { Privileged: true }),
    ...(isSet(flags, 'read-only') && { ReadonlyRootfs: true }),
    ...(network !== undefined && { NetworkMode: network }),
    ...(restart !== undefined && { RestartPolicy: { Name: restart.split(':')[0] } }),
    ...(log !== undefined && { LogConfig: { Type: log } }),
    ...(devices.length > 0 && { Devices: devices }),
    ...(flags.has('gpus') && { DeviceRequests: [{ Capabilities: [['gpu']] }] }),
  };
}

function given<Value>(field: string, value: Value | undefined): (readonly [string, Value])[] {
  return value === undefined ? [] : [[field, value]];
}

/** `--tmpfs /run:size=1m` */
function tmpfs(flags: Flags): { Tmpfs?: Readonly<Record<string, string>> } {
  const values = flags.get('tmpfs');
  if (values === undefined) return {};
  const entries = values.map((value) => {
    const colon = value.indexOf(':');
    return colon === -1 ? ([value, ''] as const) : ([value.slice(0, colon), value.slice(colon + 1)] as const);
  });
  return { Tmpfs: Object.fromEntries(entries) };
}

/** `/dev/a[:/dev/b[:rwm]]` */
function device(value: string): Readonly<Record<string, string>> {
  const [onHost = '', second = onHost, third] = value.split(':');
  const isMode = third === undefined && /^[rwm]{1,3}$/.test(second);
  return {
    PathOnHost: onHost,
    PathInContainer: isMode ? onHost : second,
    CgroupPermissions: isMode ? second : (third ?? 'rwm'),
  };
}
