/**
 * The ways out of a container that are not the engine's socket. Whoever may create a container with one of them needs no
 * socket any more. The names are those of `lockkeeper.containerSockets.allow`; they are never renamed.
 */
export const escapeKinds = [
  'privileged',
  'capabilities',
  'devices',
  'security-options',
  'unmasked-paths',
  'runtime',
  'cgroup-parent',
  'annotations',
  'host-pid',
  'host-ipc',
  'host-uts',
  'host-users',
  'host-cgroup',
  'host-network',
  'joined-namespaces',
  'network-driver',
  'local-url',
  'podman-build',
  'bind-outside',
  'volume-options',
  'network-volumes',
  'volume-driver',
  'log-driver',
  'restart-policy',
  'stronger-container',
  'plugins',
  'swarm',
  'checkpoints',
  'unknown-fields',
] as const;

export type EscapeKind = (typeof escapeKinds)[number];

/** One thing in a request, or in a container that it is about, that leads out. */
export interface Escape {
  readonly kind: EscapeKind;
  /** What it is, as it stands there: `HostConfig.Privileged: true`. */
  readonly found: string;
}

/** Why each is one, as a clause for a sentence. */
export const escapeReasons: Readonly<Record<EscapeKind, string>> = {
  privileged: 'a privileged container has the whole machine',
  capabilities: "capabilities beyond Docker's default ones give power over the machine",
  devices: 'devices of the machine can be read and written around its file system',
  'security-options': 'security options take away what confines a container',
  'unmasked-paths': "the kernel's files that Docker hides or write-protects would be open",
  runtime: 'another runtime need not confine the container',
  'cgroup-parent': "a control group of one's own choice may be one of the machine's",
  annotations: 'annotations tell the runtime what the engine does not check',
  'host-pid': "the machine's processes would be within reach",
  'host-ipc': "the machine's shared memory would be within reach",
  'host-uts': "the machine's host name could be changed",
  'host-users': "root in the container would be the machine's root where the engine keeps them apart",
  'host-cgroup': "the machine's control groups would show",
  'host-network': "the machine's own network, with what listens on its loopback, would be within reach",
  'joined-namespaces': 'the namespaces of a container that holds more would be shared',
  'network-driver': "the network would lie beside the machine's own",
  'local-url': 'the engine would fetch it from the machine itself or its own network',
  'podman-build':
    "Podman's builds can mount any folder of the machine, by what stands in a Dockerfile (CVE-2024-1753, CVE-2024-9675)",
  'bind-outside': 'the folder is none of those that the holder of the socket may hand on',
  'volume-options': 'options of a volume can mount any folder or device of the machine',
  'network-volumes': 'the volume would be mounted from the network by the machine itself',
  'volume-driver': 'what the driver of a volume mounts is not known',
  'log-driver': 'the engine itself would connect to, or write to, wherever the options say',
  'restart-policy':
    'the engine looks up sources anew at restarts that nobody announces, and by then another container may have put a link there',
  'stronger-container': 'that container holds more than the holder of this socket, and is none of its own',
  plugins: 'plugins have the rights of the engine',
  swarm: 'the swarm runs containers that no request asks for',
  checkpoints: 'checkpoints are files of the machine, written and read by the engine',
  'unknown-fields': 'this version of Lockkeeper does not know what it does',
};
