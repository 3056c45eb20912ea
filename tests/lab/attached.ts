import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { dockerCli } from './clients.ts';
import { type CommandResult, runCommand, SYSTEM_PATH, startCommand } from './command.ts';
import { engineSocket } from './engine.ts';
import { isOnOtherRegistry, otherRegistriesFolder } from './other-registries.ts';
import { PRIVATE_REGISTRY, privateRegistryFolder } from './private-registry.ts';
import { type RegistryRequest, requestsOf, storageOf } from './registry.ts';
import {
  type ImageContent,
  loadableArchive,
  type Published,
  publishImage,
  removeLastLayer,
  removeRepository,
  removeTag,
  type StoreOf,
} from './storage.ts';

/** What another process needs to use a lab that runs: plain data, so that it survives vitest's provide and inject. */
export interface LabCoordinates {
  readonly folder: string;
  /** A process with the mount namespace where the engine has the usual /var/run/docker.sock, if the lab has one. */
  readonly mountsOf?: number;
}

/** The labs that the system tests share, one for each worker of vitest that runs at once. */
export interface SharedLabs {
  readonly ofWorkers: readonly LabCoordinates[];
}

export interface DockerOptions {
  /** DOCKER_HOST, default the lab's engine itself. */
  readonly host?: string;
  readonly stdin?: string | Uint8Array;
  /** Milliseconds, default 60 000. */
  readonly timeoutMs?: number;
  /** Path of the client, default the newest of `dockerCli()`. */
  readonly cli?: string;
  /** Added to an environment of PATH, HOME, DOCKER_HOST and DOCKER_CONFIG. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A lab as any process may use it: everything but starting and stopping. */
export interface AttachedLab {
  readonly coordinates: LabCoordinates;
  /** The lab's folder; tests may put their own files in `work` below it, which goes with the lab. */
  readonly folder: string;
  readonly work: string;
  readonly engineSocket: string;
  /** `unix://` and the engine's socket. */
  readonly engineUrl: string;
  readonly registry: {
    /** As the engine and containers with its network see it; the host does not. */
    readonly address: string;
    /** What was asked of it since its start. */
    requests(): readonly RegistryRequest[];
  };
  docker(args: readonly string[], options?: DockerOptions): Promise<CommandResult>;
  /** As docker(), but a non-zero exit code is an error; resolves with what was printed, trimmed. */
  dockerOutput(args: readonly string[], options?: DockerOptions): Promise<string>;
  /**
   * The command line that runs a program where the engine has the usual /var/run/docker.sock (LabOptions.defaultSocket;
   * without it the command itself). The clients of docker() always run there.
   */
  inside(command: readonly [string, ...string[]]): readonly [string, ...string[]];
  /** A client that stays (events, logs --follow, attach); the caller ends it. */
  startDocker(args: readonly string[], options?: Pick<DockerOptions, 'host' | 'cli' | 'env'>): ChildProcess;
  /** Publishes an image, or the next version of one, on the offline Hub. */
  publish(reference: string, content: ImageContent): Promise<Published>;
  /** Takes a tag away; digests stay. */
  unpublish(reference: string): void;
  /** Takes a repository away with all its digests. */
  forget(repository: string): void;
  /** Loses the content of an image's last layer, so that pulls of it begin and fail; to publish it again mends that. */
  loseLayer(reference: string): void;
  /** Loads an image into the engine that no registry has ever had. */
  loadLocalOnly(name: string, content: ImageContent): Promise<void>;
}

/** The registry's port: each lab has a network namespace of its own, so all can have the same. */
export const REGISTRY_PORT = 5000;

export function registryFolder(folder: string): string {
  return join(folder, 'hub');
}

/** References that name another registry of the lab are stored there, all others on the offline Hub. */
export function storesIn(folder: string): StoreOf {
  const storage = { hub: storageOf(registryFolder(folder)), own: storageOf(privateRegistryFolder(folder)) };
  const others = storageOf(otherRegistriesFolder(folder));
  return (reference) => {
    if (isOnOtherRegistry(reference)) return others;
    return reference.startsWith(`${PRIVATE_REGISTRY.host}/`) ? storage.own : storage.hub;
  };
}

export function clientConfigFolder(folder: string): string {
  return join(folder, 'client');
}

export function workFolder(folder: string): string {
  return join(folder, 'work');
}

/** Files that run at once have numbers of their own, from 1 to `maxWorkers` (vitest's VITEST_POOL_ID). */
function ofThisWorker({ ofWorkers }: SharedLabs): LabCoordinates {
  const number = process.env.VITEST_POOL_ID;
  const coordinates = ofWorkers[Number(number) - 1];
  if (coordinates === undefined) throw new Error(`there is no lab for worker ${number} of ${ofWorkers.length}`);
  return coordinates;
}

export function attachLab(lab: LabCoordinates | SharedLabs): AttachedLab {
  const coordinates = 'ofWorkers' in lab ? ofThisWorker(lab) : lab;
  const { folder, mountsOf } = coordinates;
  const storeOf = storesIn(folder);
  const engineUrl = `unix://${engineSocket(folder)}`;
  const environment = (options: DockerOptions): Readonly<Record<string, string>> => ({
    ...SYSTEM_PATH,
    HOME: join(folder, 'home'),
    DOCKER_CONFIG: clientConfigFolder(folder),
    DOCKER_HOST: options.host ?? engineUrl,
    ...options.env,
  });
  const inside = (command: readonly [string, ...string[]]): readonly [string, ...string[]] =>
    mountsOf === undefined ? command : ['/usr/bin/nsenter', '--target', `${mountsOf}`, '--mount', '--', ...command];
  const docker = (args: readonly string[], options: DockerOptions = {}): Promise<CommandResult> => {
    const [file, ...rest] = inside([options.cli ?? dockerCli().newest, ...args]);
    return runCommand(file, rest, { ...options, env: environment(options) });
  };
  const dockerOutput = async (args: readonly string[], options: DockerOptions = {}): Promise<string> => {
    const { code, stdout, stderr } = await docker(args, options);
    if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
    return stdout.trim();
  };
  return {
    coordinates,
    folder,
    work: workFolder(folder),
    engineSocket: engineSocket(folder),
    engineUrl,
    registry: {
      address: `127.0.0.1:${REGISTRY_PORT}`,
      requests: () => requestsOf(registryFolder(folder)),
    },
    docker,
    dockerOutput,
    inside,
    startDocker(args, options = {}) {
      const [file, ...rest] = inside([options.cli ?? dockerCli().newest, ...args]);
      return startCommand(file, rest, environment(options));
    },
    publish: (reference, content) => publishImage(storeOf, reference, content),
    unpublish: (reference) => removeTag(storeOf, reference),
    forget: (repository) => removeRepository(storeOf, repository),
    loseLayer: (reference) => removeLastLayer(storeOf, reference),
    async loadLocalOnly(name, content) {
      await dockerOutput(['load', '--quiet'], { stdin: await loadableArchive(storeOf, name, content) });
    },
  };
}
