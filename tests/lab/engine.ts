import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Daemon, daemon } from './daemon.ts';
import { configOf, type EngineRelease, pathOf } from './engines.ts';
import { podmanDaemon } from './podman.ts';
import { killAll, networkOf } from './processes.ts';

/** Longest path that fits a Unix socket's address: sockaddr_un's 108 bytes with the ending NUL (unix(7)). */
const MAX_SOCKET_PATH = 107;

export interface EngineSettings {
  readonly folder: string;
  readonly mirror: string;
  /** An HTTP proxy and the registries to be reached through it without TLS. */
  readonly proxy?: { readonly url: string; readonly registries: readonly string[] } | undefined;
  /** Added to its environment. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** A process with a /run of its own, where the engine listens at /run/docker.sock as well. */
  readonly mountsOf?: number | undefined;
  /** Where it listens without TLS as well: `127.0.0.1:2375`. */
  readonly tcp?: string | undefined;
  /** Default: the one that the system has. */
  readonly release?: EngineRelease | undefined;
  /** More settings of daemon.json, for example { "live-restore": true }. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export function engineSocket(folder: string): string {
  return join(folder, 'engine.sock');
}

function pidFile(folder: string): string {
  return join(folder, 'engine.pid');
}

/**
 * After a kill -9 the files with process ids are left. dockerd would take whoever has its own number now for a running
 * engine, and for containerd even a zombie (it asks with signal 0) for one to connect to, and wait for it in vain.
 */
function clearAfterCrash(folder: string): void {
  rmSync(pidFile(folder), { force: true });
  const containerd = join(folder, 'exec/containerd/containerd.pid');
  if (!existsSync(containerd)) return;
  const pid = Number(readFileSync(containerd, 'utf8'));
  const ours = (): boolean => networkOf(pid) === `net:[${statSync(`/run/netns/${basename(folder)}`).ino}]`;
  killAll(() => (ours() ? [pid] : []));
  rmSync(containerd);
}

/** The engine of a release, on a Unix socket. */
export function engineDaemon(settings: EngineSettings): Daemon {
  const { release, folder, mirror } = settings;
  if (release?.store !== 'podman') return dockerDaemon(settings);
  const asked = DOCKERS_ONLY.find((name) => settings[name] !== undefined);
  if (asked !== undefined) throw new Error(`a lab with Podman has no "${asked}"`);
  return podmanDaemon({ folder, socket: engineSocket(folder), release, mirror });
}

const DOCKERS_ONLY = ['proxy', 'environment', 'mountsOf', 'tcp'] as const;

/** A dockerd of Debian's with a containerd of its own; nothing of it lies outside the lab's folder. */
function dockerDaemon(settings: EngineSettings): Daemon {
  const { folder, mirror, proxy, mountsOf, release, tcp } = settings;
  const name = basename(folder);
  const socket = engineSocket(folder);
  const exec = join(folder, 'exec');
  if (Buffer.byteLength(`${exec}/containerd/containerd-debug.sock`) > MAX_SOCKET_PATH) {
    throw new Error(`${folder} is too long a path for the engine's sockets`);
  }
  const config = {
    hosts: [
      `unix://${socket}`,
      ...(mountsOf === undefined ? [] : ['unix:///run/docker.sock']),
      ...(tcp === undefined ? [] : [`tcp://${tcp}`]),
    ],
    'data-root': join(folder, 'data'),
    'exec-root': exec,
    pidfile: pidFile(folder),
    'registry-mirrors': [mirror],
    'insecure-registries': proxy?.registries ?? [],
    // Its own cgroup makes every process of the lab findable, also those of containers on the host's namespaces.
    'cgroup-parent': `/${name}`,
    'deprecated-key-path': join(folder, 'key.json'),
    ...configOf(release),
    ...settings.config,
  };
  const configFile = join(folder, 'daemon.json');
  writeFileSync(configFile, JSON.stringify(config));
  mkdirSync(join(folder, 'home'), { recursive: true });
  const environment = { PATH: pathOf(release), HOME: join(folder, 'home') };
  const inner = daemon({
    command: ['dockerd', '--config-file', configFile],
    netns: name,
    mountsOf,
    env: { ...environment, ...(proxy === undefined ? {} : { HTTP_PROXY: proxy.url }), ...settings.environment },
    logFile: join(folder, 'engine.log'),
    readyLine: /msg="API listen on /,
    timeoutMs: 30_000,
  });
  return {
    get running() {
      return inner.running;
    },
    get pid() {
      return inner.pid;
    },
    async start() {
      if (!inner.running) clearAfterCrash(folder);
      await inner.start();
    },
    stop: (signal) => inner.stop(signal),
  };
}
