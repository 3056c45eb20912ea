import { posix } from 'node:path';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import { cleanPath } from './clean-path.ts';

/** A socket that leads to an engine, filtered or not, or to what engines are made of. */
export interface ProtectedSocket {
  readonly path: string;
  /** For messages. */
  readonly name: string;
  /** `docker-socket`: who mounts it means "the Docker socket"; `protected`: no container gets it. */
  readonly as: 'docker-socket' | 'protected';
  /** Its owner makes it there whenever it runs, so that a folder above it leads to it also while it is missing. */
  readonly isAwaited: boolean;
}

/** What the known sockets depend on. */
export interface SocketOwners {
  readonly engine: EngineEndpoint;
  readonly hostGatePath: string;
  readonly standingSockets: readonly string[];
}

/** Who says this means the Docker socket of the engine at hand, whichever that is and wherever it listens. */
export const USUAL_PATHS: readonly string[] = ['/var/run/docker.sock', '/run/docker.sock'];

/** Below a user's runtime folder: rootless Docker and Podman, and the containerd that rootless Docker starts. */
const IN_RUNTIME_FOLDER: readonly Known[] = [
  ['docker.sock', 'docker-socket'],
  ['podman/podman.sock', 'docker-socket'],
  ['docker/containerd/containerd.sock', 'protected'],
];

/** Below a home folder; a star stands for the name of a machine or profile. */
const IN_HOME: readonly Known[] = [
  ['.docker/run/docker.sock', 'docker-socket'],
  ['.docker/desktop/docker.sock', 'docker-socket'],
  ['.colima/docker.sock', 'docker-socket'],
  ['.colima/*/docker.sock', 'docker-socket'],
  ['.config/colima/*/docker.sock', 'docker-socket'],
  ['.lima/*/sock/docker.sock', 'docker-socket'],
  ['.orbstack/run/docker.sock', 'docker-socket'],
  ['.rd/docker.sock', 'docker-socket'],
  ['.local/share/containers/podman/machine/podman.sock', 'docker-socket'],
  ['.local/share/containers/podman/machine/*/podman.sock', 'docker-socket'],
];

/** For everybody. Through a shim's or swarm's control socket containers are changed and made as through containerd's. */
const ON_SYSTEM: readonly Known[] = [
  ...USUAL_PATHS.map((path): Known => [path, 'docker-socket']),
  ['/run/podman/podman.sock', 'docker-socket'],
  ['/run/guest-services/docker.sock', 'docker-socket'],
  ['/run/docker.sock.raw', 'docker-socket'],
  ['/mnt/wsl/docker-desktop/shared-sockets/*/*.sock', 'docker-socket'],
  ['/run/containerd/containerd.sock', 'protected'],
  ['/run/containerd/containerd.sock.ttrpc', 'protected'],
  ['/run/docker/containerd/containerd.sock', 'protected'],
  ['/run/docker/containerd/containerd.sock.ttrpc', 'protected'],
  ['/run/docker/swarm/control.sock', 'protected'],
  ['/run/docker/plugins/*.sock', 'protected'],
  ['/run/docker/plugins/*/*.sock', 'protected'],
  ['/run/k3s/containerd/containerd.sock', 'protected'],
  ['/run/crio/crio.sock', 'protected'],
  ['/run/cri-dockerd.sock', 'protected'],
];

/** Below the folder of the engine's own socket: an engine that is told to live elsewhere has its containerd there too. */
const NEXT_TO_ENGINE: readonly string[] = [
  'containerd.sock',
  'containerd/containerd.sock',
  '*/containerd/containerd.sock',
];

/** What containerd starts listens here, under names that nobody knows beforehand. */
export const SHIM_FOLDERS: readonly string[] = ['/run/containerd/s', '/run/docker/containerd/s'];

export type Known = readonly [pattern: string, as: ProtectedSocket['as']];

/** Patterns that say where sockets are on the engine's side, whichever machine that is: a star is one name. */
export const ENGINE_SIDE: readonly Known[] = [
  ...ON_SYSTEM,
  ...IN_RUNTIME_FOLDER.map(([path, as]): Known => [posix.join('/run/user/*', path), as]),
];

/** Patterns that say where engines in virtual machines put a socket on our side. */
export function hostSidePatterns(home: string): readonly Known[] {
  return IN_HOME.map(([path, as]) => [posix.join(home, path), as]);
}

/** Patterns of every path on this machine that may be a protected socket, besides those that are awaited. */
export function patternsHere(
  engine: EngineEndpoint,
  home: string,
  runtimeFolder: string | undefined,
): readonly Known[] {
  const below = (folder: string, known: readonly Known[]) =>
    known.map(([path, as]): Known => [posix.join(folder, path), as]);
  const nextTo = engine.kind === 'socket' ? NEXT_TO_ENGINE.map((path): Known => [path, 'protected']) : [];
  return [
    ...ENGINE_SIDE,
    ...hostSidePatterns(home),
    ...(runtimeFolder === undefined ? [] : below(runtimeFolder, IN_RUNTIME_FOLDER)),
    ...(engine.kind === 'socket' ? below(posix.dirname(engine.path), nextTo) : []),
  ];
}

/** The sockets whose owners are the engine at hand and ourselves. */
export function awaitedSockets({ engine, hostGatePath, standingSockets }: SocketOwners): readonly ProtectedSocket[] {
  const own = [hostGatePath, ...standingSockets].map((path) => awaited(path, `Lockkeeper's socket ${path}`));
  return engine.kind === 'socket' ? [awaited(engine.path, engine.path), ...own] : own;
}

function awaited(path: string, name: string): ProtectedSocket {
  return { path: cleanPath(path), name, as: 'docker-socket', isAwaited: true };
}
