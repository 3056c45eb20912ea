import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import {
  type AttachedLab,
  attachLab,
  clientConfigFolder,
  REGISTRY_PORT,
  registryFolder,
  storesIn,
  workFolder,
} from './attached.ts';
import { installPlugins } from './clients.ts';
import { runOrThrow, SYSTEM_PATH } from './command.ts';
import { engineDaemon } from './engine.ts';
import type { EngineRelease } from './engines.ts';
import { maliciousImage, publishStandardImages } from './images.ts';
import { mountNamespace } from './mount-namespace.ts';
import { etcFolder, OTHER_REGISTRIES_ENVIRONMENT, type OtherRegistries, otherRegistries } from './other-registries.ts';
import { createPlace } from './place.ts';
import { PRIVATE_REGISTRY_PROXY, privateRegistryDaemon } from './private-registry.ts';
import { reap, sweep } from './reap.ts';
import { registryDaemon, storageOf } from './registry.ts';

export { type AttachedLab, attachLab, type DockerOptions, type LabCoordinates, type SharedLabs } from './attached.ts';
export { dockerCli } from './clients.ts';
export { ENGINES, type EngineRelease, PODMAN } from './engines.ts';
export { ACCOUNT, OTHER_REGISTRIES } from './other-registries.ts';
export { PRIVATE_REGISTRY } from './private-registry.ts';
export type { Behaviour } from './registry-front.ts';
export { type ApiAnswer, type ApiRequest, request } from './request.ts';
export type { ImageContent, Published } from './storage.ts';

export interface LabOptions {
  /** Shown in the names of its folder and namespace: 1 to 10 lower-case letters. */
  readonly name?: string;
  /** One of ENGINES, or PODMAN, that is available; default is the engine that the system has. */
  readonly release?: EngineRelease;
  /** More settings of the engine's daemon.json, for example { "live-restore": true }. */
  readonly engine?: Readonly<Record<string, unknown>>;
  /** Also a registry `your-registry.com` that wants the credentials of PRIVATE_REGISTRY. */
  readonly privateRegistry?: boolean;
  /** Also OTHER_REGISTRIES, behind a front that can misbehave. The engine's mount namespace is its own then. */
  readonly otherRegistries?: boolean;
  /**
   * The engine listens at /var/run/docker.sock as well, in a mount namespace whose /run is its own: for what uses the
   * default paths, started with `lab.inside(command)`. The machine's /run stays as it is.
   */
  readonly defaultSocket?: boolean;
  /** An address and port where the engine listens as well, without TLS; only the lab's network has it. */
  readonly tcp?: string;
}

/** A lab as the process that started it holds it. */
export interface Lab extends AttachedLab {
  readonly registry: AttachedLab['registry'] & {
    start(): Promise<void>;
    stop(): Promise<void>;
    /** Takes connections and answers nothing, until it is resumed. */
    pause(): void;
    resume(): void;
  };
  /** See LabOptions.otherRegistries. */
  readonly others: OtherRegistries | undefined;
  startEngine(): Promise<void>;
  /** SIGTERM lets dockerd stop its containers first, as a service manager does; SIGKILL is a crash. */
  stopEngine(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  restartEngine(): Promise<void>;
  /** Another release of ENGINES takes over the engine's data, as an upgrade of the package does. */
  replaceEngine(release: EngineRelease): Promise<void>;
  /** Removes everything: containers, engine, registry, mounts, namespace, folder. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts a Docker engine of its own with an offline Docker Hub, both in a network namespace of their own: plain
 * `docker pull alpine` works, the machine's own engine and firewall are not touched. Needs root and what
 * `node build/prepare.mjs engine` installs.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  if (process.getuid?.() !== 0) throw new Error('the lab starts a Docker engine, which needs root');
  sweep();
  const folder = createPlace(options.name ?? 'lab');
  const name = basename(folder);
  reapAtExit(name);
  try {
    return await openLab(folder, options);
  } catch (error) {
    close(name);
    throw error;
  }
}

async function openLab(folder: string, options: LabOptions): Promise<Lab> {
  const name = basename(folder);
  await runOrThrow('ip', ['netns', 'add', name], { env: SYSTEM_PATH });
  await runOrThrow('ip', ['-n', name, 'link', 'set', 'lo', 'up'], { env: SYSTEM_PATH });
  mkdirSync(workFolder(folder));
  installPlugins(clientConfigFolder(folder));
  const others =
    options.otherRegistries === true
      ? await otherRegistries(name, folder, storageOf(registryFolder(folder)))
      : undefined;
  const mounts =
    options.defaultSocket === true || others !== undefined
      ? mountNamespace(name, folder, others && etcFolder(folder))
      : undefined;
  await mounts?.start();
  const attached = attachLab(mounts?.pid === undefined ? { folder } : { folder, mountsOf: mounts.pid });
  const hub = registryDaemon({ netns: name, folder: registryFolder(folder), listen: { port: REGISTRY_PORT } });
  const own =
    options.privateRegistry === true
      ? privateRegistryDaemon(name, folder, storageOf(registryFolder(folder)))
      : undefined;
  const engineOf = (release: EngineRelease | undefined) =>
    engineDaemon({
      folder,
      mirror: `http://${attached.registry.address}`,
      proxy: own === undefined ? undefined : PRIVATE_REGISTRY_PROXY,
      environment: others && OTHER_REGISTRIES_ENVIRONMENT,
      mountsOf: mounts?.pid,
      release,
      tcp: options.tcp,
      config: options.engine ?? {},
    });
  let engine = engineOf(options.release);
  const registries = [hub.start(), own?.start(), others?.start()];
  await Promise.all([engine.start(), ...registries, publishStandardImages(storesIn(folder))]);
  await attached.loadLocalOnly('malicious-image', maliciousImage());
  return {
    ...attached,
    others,
    registry: {
      ...attached.registry,
      start: () => hub.start(),
      stop: () => hub.stop(),
      pause: () => signal(hub.pid, 'SIGSTOP'),
      resume: () => signal(hub.pid, 'SIGCONT'),
    },
    startEngine: () => engine.start(),
    stopEngine: (signal) => engine.stop(signal),
    async restartEngine() {
      await engine.stop();
      await engine.start();
    },
    async replaceEngine(release) {
      await engine.stop();
      engine = engineOf(release);
      await engine.start();
    },
    async stop() {
      others?.close();
      close(name);
    },
  };
}

function signal(pid: number | undefined, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (pid === undefined) throw new Error('the registry was never started');
  process.kill(pid, name);
}

const open = new Set<string>();

function close(name: string): void {
  open.delete(name);
  reap(name);
}

/** Labs go with their process, however it ends; what a kill -9 leaves, the next lab's start sweeps up. */
function reapAtExit(name: string): void {
  open.add(name);
  if (armed) return;
  armed = true;
  process.on('exit', () => {
    for (const one of [...open]) close(one);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const one of [...open]) close(one);
      // Ours is out of the way now: the signal does what it would have done, unless the test runner has plans for it.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  }
}

let armed = false;
