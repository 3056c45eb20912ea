import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Daemon, daemon } from './daemon.ts';
import { type EngineRelease, folderOf, pathOf } from './engines.ts';

export interface PodmanSettings {
  readonly folder: string;
  readonly socket: string;
  readonly release: EngineRelease;
  readonly mirror: string;
}

/**
 * Podman's service on a Unix socket. It has no settings file of its own kind for everything: folders are options, the
 * rest lies in files that the environment names, or in the home folder.
 */
export function podmanDaemon({ folder, socket, release, mirror }: PodmanSettings): Daemon {
  const home = join(folder, 'home');
  const containers = join(folder, 'containers.conf');
  const registries = join(folder, 'registries.conf');
  const environment = { PATH: pathOf(release), LD_LIBRARY_PATH: join(folderOf(release), 'lib') };
  mkdirSync(join(home, '.config/containers'), { recursive: true });
  for (const name of ['tmp', 'networks', 'unpacked']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(home, '.config/containers/policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  writeFileSync(containers, containersConf(folder, release, environment));
  writeFileSync(registries, registriesConf(mirror));
  const folders = { root: join(folder, 'data'), runroot: join(folder, 'exec'), tmpdir: join(folder, 'tmp') };
  const options = Object.entries({ ...folders, 'network-config-dir': join(folder, 'networks') });
  const global = options.flatMap(([name, value]) => [`--${name}`, value]);
  return daemon({
    command: [
      'podman',
      ...[...global, '--storage-driver', 'overlay', '--log-level', 'info'],
      ...['system', 'service', '-t', '0', `unix://${socket}`],
    ],
    netns: basename(folder),
    env: {
      ...environment,
      HOME: home,
      // Where it puts archives that it is sent, some of which it never removes: /var/tmp, where nothing is named.
      TMPDIR: join(folder, 'unpacked'),
      CONTAINERS_CONF: containers,
      CONTAINERS_REGISTRIES_CONF: registries,
    },
    logFile: join(folder, 'engine.log'),
    readyLine: /API service listening on /,
    timeoutMs: 30_000,
  });
}

/**
 * Limits are given, since by default it raises them beyond what a machine may allow; soft and hard are the same, because
 * Podman 4.3 exchanges the two of its defaults. Locks are a file: those in shared memory are the whole machine's. conmon runs
 * Podman when a container has ended, and hands on of its environment only what is named here.
 */
function containersConf(folder: string, release: EngineRelease, environment: Readonly<Record<string, string>>): string {
  const runtime = join(folder, 'runc.sh');
  writeFileSync(runtime, runcScript(folder), { mode: 0o755 });
  const own = join(folderOf(release), 'bin');
  const passedOn = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
lock_type = "file"
events_logger = "file"
conmon_path = [${JSON.stringify(join(own, 'conmon'))}]
conmon_env_vars = ${JSON.stringify(passedOn)}
helper_binaries_dir = [${JSON.stringify(own)}]

[engine.runtimes]
runc = [${JSON.stringify(runtime)}]

[network]
network_backend = "netavark"
default_network = ${JSON.stringify(basename(folder))}
`;
}

/** The mirror is asked before Docker Hub, and there is no way to Docker Hub. */
function registriesConf(mirror: string): string {
  const location = mirror.replace('http://', '');
  return `unqualified-search-registries = ["docker.io"]

[[registry]]
location = "docker.io"

[[registry.mirror]]
location = ${JSON.stringify(location)}
insecure = true

[[registry]]
location = ${JSON.stringify(location)}
insecure = true
`;
}

function placesFile(folder: string): string {
  return join(folder, 'places');
}

/**
 * runc's state would lie in /run/runc, with that of everybody else's containers. Control groups and networks of Podman's
 * containers cannot be put elsewhere, and of those that are removed some stay: what each bundle names is written down.
 */
function runcScript(folder: string): string {
  return `#!/bin/sh
for argument; do
  [ "$previous" = --bundle ] && grep -oE '"/[^"]*/libpod-[0-9a-f]{64}"|"/run/netns/netns-[^"]*"' "$argument/config.json" >>${placesFile(folder)}
  previous=$argument
done
exec runc --root ${join(folder, 'runc')} "$@"
`;
}

/** What of a lab's containers lies outside its folder. */
export interface Outside {
  /** Below a tree of control groups. */
  readonly cgroups: readonly string[];
  /** Network namespaces, bound to these files. */
  readonly namespaces: readonly string[];
}

export function outsideOf(folder: string): Outside {
  const file = placesFile(folder);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const places = [...new Set(lines.map((line) => JSON.parse(line) as string))];
  const isNamespace = (place: string) => place.startsWith('/run/netns/');
  return { cgroups: places.filter((place) => !isNamespace(place)), namespaces: places.filter(isNamespace) };
}
