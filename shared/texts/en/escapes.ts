import type { EscapeReason } from '../../decision/reason.ts';
import type { ReasonTexts } from './reasons.ts';

/** Why what leads out of a container is refused, for each way that there is. */
export const escapes = {
  'escape-privileged': {
    short: 'privileged container',
    why: 'The request asks for a privileged container, which has the whole machine.',
    remedy: 'If the container needs it, add "privileged" to lockkeeper.containerSockets.allow.',
  },
  'escape-capabilities': {
    short: 'more capabilities',
    why: 'The container would have capabilities beyond Docker’s default ones.',
    remedy: 'If the container needs it, add "capabilities" to lockkeeper.containerSockets.allow.',
  },
  'escape-devices': {
    short: 'devices',
    why: 'The container would have devices of the machine.',
    remedy: 'If the container needs it, add "devices" to lockkeeper.containerSockets.allow.',
  },
  'escape-security-options': {
    short: 'security options',
    why: 'Security options would take away what confines the container.',
    remedy: 'If the container needs it, add "security-options" to lockkeeper.containerSockets.allow.',
  },
  'escape-unmasked-paths': {
    short: 'unmasked paths',
    why: 'Files of the kernel that Docker hides or write-protects would be open to the container.',
    remedy: 'If the container needs it, add "unmasked-paths" to lockkeeper.containerSockets.allow.',
  },
  'escape-runtime': {
    short: 'another runtime',
    why: 'The container would be run by another runtime, which need not confine it.',
    remedy: 'If the container needs it, add "runtime" to lockkeeper.containerSockets.allow.',
  },
  'escape-cgroup-parent': {
    short: 'control group',
    why: 'The container would be put into a control group of its creator’s choice.',
    remedy: 'If the container needs it, add "cgroup-parent" to lockkeeper.containerSockets.allow.',
  },
  'escape-annotations': {
    short: 'annotations',
    why: 'Annotations tell the runtime what the engine does not check.',
    remedy: 'If the container needs it, add "annotations" to lockkeeper.containerSockets.allow.',
  },
  'escape-host-pid': {
    short: 'machine’s processes',
    why: 'The container would share the machine’s process IDs.',
    remedy: 'If the container needs it, add "host-pid" to lockkeeper.containerSockets.allow.',
  },
  'escape-host-ipc': {
    short: 'machine’s shared memory',
    why: 'The container would share the machine’s shared memory.',
    remedy: 'If the container needs it, add "host-ipc" to lockkeeper.containerSockets.allow.',
  },
  'escape-host-uts': {
    short: 'machine’s name',
    why: 'The container would share the machine’s host name.',
    remedy: 'If the container needs it, add "host-uts" to lockkeeper.containerSockets.allow.',
  },
  'escape-host-users': {
    short: 'machine’s users',
    why: 'The container’s root would be the machine’s, where the engine keeps them apart.',
    remedy: 'If the container needs it, add "host-users" to lockkeeper.containerSockets.allow.',
  },
  'escape-host-cgroup': {
    short: 'machine’s control groups',
    why: 'The container would see the machine’s control groups.',
    remedy: 'If the container needs it, add "host-cgroup" to lockkeeper.containerSockets.allow.',
  },
  'escape-host-network': {
    short: 'machine’s network',
    why: 'The container or build would be in the machine’s own network.',
    remedy: 'If the container needs it, add "host-network" to lockkeeper.containerSockets.allow.',
  },
  'escape-joined-namespaces': {
    short: 'shared namespaces',
    why: 'The container would share namespaces with one that holds more.',
    remedy: 'If the container needs it, add "joined-namespaces" to lockkeeper.containerSockets.allow.',
  },
  'escape-network-driver': {
    short: 'network beside the machine’s',
    why: 'The network would lie beside the machine’s own, past the engine’s.',
    remedy: 'If the container needs it, add "network-driver" to lockkeeper.containerSockets.allow.',
  },
  'escape-local-url': {
    short: 'local address',
    why: 'The engine would fetch something from the machine itself or its own link.',
    remedy: 'If the container needs it, add "local-url" to lockkeeper.containerSockets.allow.',
  },
  'escape-podman-build': {
    short: 'build with Podman',
    why: 'The engine is Podman, whose builds can mount any folder of the machine.',
    remedy: 'If the container needs it, add "podman-build" to lockkeeper.containerSockets.allow.',
  },
  'escape-bind-outside': {
    short: 'folder not its own',
    why: 'The folder is none of those that the holder of the socket has bound itself.',
    remedy:
      'Take the folder into lockkeeper.containerSockets.bindFrom, or let the container that holds the socket bind it itself.',
  },
  'escape-volume-options': {
    short: 'volume options',
    why: 'Options of the volume can mount any folder or device of the machine.',
    remedy: 'If the container needs it, add "volume-options" to lockkeeper.containerSockets.allow.',
  },
  'escape-network-volumes': {
    short: 'volume from the network',
    why: 'The machine itself would mount the volume from the network.',
    remedy: 'If the container needs it, add "network-volumes" to lockkeeper.containerSockets.allow.',
  },
  'escape-volume-driver': {
    short: 'volume driver',
    why: 'What the volume’s driver mounts is not known.',
    remedy: 'If the container needs it, add "volume-driver" to lockkeeper.containerSockets.allow.',
  },
  'escape-log-driver': {
    short: 'log driver',
    why: 'The engine itself would connect to, or write to, wherever the log options say.',
    remedy: 'If the container needs it, add "log-driver" to lockkeeper.containerSockets.allow.',
  },
  'escape-restart-policy': {
    short: 'restart policy',
    why: 'By the time the engine restarts the container, another one could have put a link in place of a folder that it mounts.',
    remedy: 'If the container needs it, add "restart-policy" to lockkeeper.containerSockets.allow.',
  },
  'escape-stronger-container': {
    short: 'stronger container',
    why: 'The request reaches into a container that holds more than the holder of the socket, and that it did not create.',
    remedy: 'If the container needs it, add "stronger-container" to lockkeeper.containerSockets.allow.',
  },
  'escape-plugins': {
    short: 'plugins',
    why: 'Plugins have the rights of the engine.',
    remedy: 'If the container needs it, add "plugins" to lockkeeper.containerSockets.allow.',
  },
  'escape-swarm': {
    short: 'swarm',
    why: 'The swarm runs containers that no request asks for.',
    remedy: 'If the container needs it, add "swarm" to lockkeeper.containerSockets.allow.',
  },
  'escape-checkpoints': {
    short: 'checkpoints',
    why: 'Checkpoints are files of the machine, written and read by the engine.',
    remedy: 'If the container needs it, add "checkpoints" to lockkeeper.containerSockets.allow.',
  },
  'escape-unknown-fields': {
    short: 'unknown field',
    why: 'The request has a field that this version of Lockkeeper does not know.',
    remedy: 'If the container needs it, add "unknown-fields" to lockkeeper.containerSockets.allow.',
  },
} satisfies Readonly<Record<EscapeReason, ReasonTexts>>;
