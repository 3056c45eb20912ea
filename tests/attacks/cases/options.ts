import type { AttackClass } from '../attack.ts';
import { creating } from '../build-attack/container-attacks.ts';
import { wayOut } from '../build-attack/reasons.ts';

type HostConfig = Readonly<Record<string, unknown>>;

/** A create with one host option, which must not be kept. */
function option(
  id: string,
  title: string,
  hostConfig: HostConfig,
  isKept: (kept: HostConfig) => boolean,
  refusal: RegExp,
) {
  return creating({ id, title, body: () => ({ HostConfig: hostConfig }), holds: isKept, refusal });
}

/** Kept as it was sent. */
function kept(id: string, title: string, hostConfig: HostConfig, kind: string, version?: string) {
  const [name = ''] = Object.keys(hostConfig);
  const isKept = (config: HostConfig) => JSON.stringify(config[name]) === JSON.stringify(hostConfig[name]);
  const attack = { id, title, body: () => ({ HostConfig: hostConfig }), holds: isKept, refusal: wayOut(kind) };
  return creating(version === undefined ? attack : { ...attack, version });
}

const SECCOMP = JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' });

const firstOf = (list: unknown): string => (Array.isArray(list) && typeof list[0] === 'string' ? list[0] : '');

export const options: AttackClass = {
  name: 'options',
  forbids: 'a container is created with rights that lead out of it',
  attacks: [
    { ...kept('privileged', 'is privileged', { Privileged: true }, 'privileged'), quick: true },
    { ...kept('capability', 'adds a capability', { CapAdd: ['SYS_ADMIN'] }, 'capabilities'), quick: true },
    option(
      'capability-spelling',
      'adds a capability by its full name in lower case',
      { CapAdd: ['cap_sys_module'] },
      ({ CapAdd }) => /sys_module/i.test(firstOf(CapAdd)),
      wayOut('capabilities'),
    ),
    kept('all-capabilities', 'adds all capabilities', { CapAdd: ['ALL'] }, 'capabilities'),
    kept('all-but', 'adds all capabilities and drops one', { CapAdd: ['all'], CapDrop: ['CHOWN'] }, 'capabilities'),
    option(
      'device',
      'gets a disk or the kernel log as a device',
      { Devices: [{ PathOnHost: '/dev/kmsg', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' }] },
      ({ Devices }) => Array.isArray(Devices) && Devices.length > 0,
      wayOut('devices'),
    ),
    { ...kept('device-rules', 'may make any device', { DeviceCgroupRules: ['a *:* rwm'] }, 'devices'), quick: true },
    option(
      'device-requests',
      'asks a driver for devices',
      { DeviceRequests: [{ Driver: '', Count: 1, Capabilities: [['gpu']] }] },
      ({ DeviceRequests }) => Array.isArray(DeviceRequests) && DeviceRequests.length > 0,
      wayOut('devices'),
    ),
    {
      ...kept('seccomp', 'is without seccomp', { SecurityOpt: ['seccomp=unconfined'] }, 'security-options'),
    },
    kept(
      'seccomp-colon',
      'is without seccomp, with the old separator',
      { SecurityOpt: ['seccomp:unconfined'] },
      'security-options',
    ),
    kept(
      'seccomp-profile',
      'brings a seccomp profile that allows everything',
      { SecurityOpt: [`seccomp=${SECCOMP}`] },
      'security-options',
    ),
    kept('apparmor', 'is without AppArmor', { SecurityOpt: ['apparmor=unconfined'] }, 'security-options'),
    kept('label', 'is without labels of SELinux', { SecurityOpt: ['label=disable'] }, 'security-options'),
    { ...kept('masked-paths', 'sees all of /proc and /sys', { MaskedPaths: [] }, 'unmasked-paths'), quick: true },
    kept('some-masked-paths', 'sees most of /proc and /sys', { MaskedPaths: ['/proc/acpi'] }, 'unmasked-paths'),
    kept('read-only-paths', 'may write /proc/sys', { ReadonlyPaths: [] }, 'unmasked-paths'),
    option(
      'system-paths',
      'unmasks paths by a security option',
      { SecurityOpt: ['systempaths=unconfined'] },
      ({ SecurityOpt }) => firstOf(SecurityOpt) === 'systempaths=unconfined',
      wayOut('security-options', 'unmasked-paths'),
    ),
    kept('runtime', 'names another runtime', { Runtime: 'io.containerd.runtime.v1.linux' }, 'runtime'),
    kept('cgroup-parent', 'joins a cgroup of the host', { CgroupParent: '/' }, 'cgroup-parent'),
    kept(
      'annotations',
      'gives annotations to the runtime',
      { Annotations: { 'run.oci.x': 'y' } },
      'annotations',
      '/v1.43',
    ),
    option(
      'capabilities-field',
      'names its capabilities itself (API 1.40)',
      { Capabilities: ['CAP_SYS_ADMIN'] },
      ({ Capabilities }) => firstOf(Capabilities) === 'CAP_SYS_ADMIN',
      wayOut('capabilities', 'unknown-fields'),
    ),
    kept('no-namespace-users', 'is root of the host where users are remapped', { UsernsMode: 'host' }, 'host-users'),
    option(
      'sysctl',
      'sets a kernel parameter in the network of the host',
      { Sysctls: { 'kernel.shm_rmid_forced': '1' }, IpcMode: 'host' },
      ({ IpcMode }) => IpcMode === 'host',
      wayOut('host-ipc'),
    ),
  ],
};
