import type Dockerode from 'dockerode';
import type { EngineEndpoint } from './endpoint.ts';

/** How long the engine may take for a question of ours about its own objects. */
const QUESTION_MS = 60_000;

/** A failure that the engine reported, or that kept us from reaching it. */
export class EngineError extends Error {
  /** HTTP status; undefined when the engine was not reached. */
  readonly status: number | undefined;

  constructor(status: number | undefined, message: string) {
    super(message);
    this.status = status;
  }
}

export interface LocalImage {
  readonly id: string;
  readonly tags: readonly string[];
  /** `name@sha256:…` as the engine reports them: with the containerd store any tag makes one. */
  readonly repoDigests: readonly string[];
  /** Diff IDs, base first. */
  readonly layers: readonly string[];
}

export interface EngineMount {
  readonly type: string;
  readonly name: string;
  readonly source: string;
  readonly target: string;
}

export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly mounts: readonly EngineMount[];
  readonly tmpfs: readonly string[];
}

export interface EngineVolume {
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What is at a path in a container. */
export interface PathStat {
  readonly isLink: boolean;
  readonly isFolder: boolean;
  readonly linkTarget: string;
}

/**
 * Our own questions to the engine. Names come from clients: they are percent-encoded here, so that none can reach
 * another route. "Not found" is a value, everything else that goes wrong an {@link EngineError}.
 */
export interface EngineClient {
  info(): Promise<{ version: string; kernel: string; system: string; store: string }>;
  image(name: string): Promise<LocalImage | undefined>;
  taggedImages(): Promise<readonly { readonly id: string; readonly tags: readonly string[] }[]>;
  container(name: string): Promise<EngineContainer | undefined>;
  volume(name: string): Promise<EngineVolume | undefined>;
  pluginMounts(name: string): Promise<readonly string[] | undefined>;
  /** The digest that a registry has for a reference, asked through the engine (moby GET /distribution/{name}/json). */
  distribution(reference: string, registryAuth: string | undefined): Promise<string>;
  removeContainer(id: string): Promise<void>;
  pathStat(containerId: string, path: string): Promise<PathStat | undefined>;
  /** Unpacks a tar at the container's root, never replacing a folder by something else. */
  putArchive(containerId: string, tar: Buffer): Promise<void>;
  /** Containers as they are removed, until the signal or the engine ends the stream; `onOpen` when none is missed any more. */
  removedContainers(signal: AbortSignal, onOpen: () => void, onRemoved: (id: string) => void): Promise<void>;
}

export function engineClient(endpoint: EngineEndpoint): EngineClient {
  let loading: Promise<Dockerode> | undefined;
  const docker = () => {
    loading ??= loadDockerode(endpoint);
    return loading;
  };
  return {
    async info() {
      const info = await ask((await docker()).info());
      return {
        version: String(info.ServerVersion ?? ''),
        kernel: String(info.KernelVersion ?? ''),
        system: String(info.OperatingSystem ?? ''),
        store: String(info.Driver ?? ''),
      };
    },
    image: async (name) => toImage(await found((await docker()).getImage(encodeURIComponent(name)).inspect())),
    async taggedImages() {
      const images = await ask((await docker()).listImages());
      return images.map((image) => ({ id: image.Id, tags: image.RepoTags ?? [] }));
    },
    container: async (name) =>
      toContainer(await found((await docker()).getContainer(encodeURIComponent(name)).inspect())),
    async volume(name) {
      const volume = await found((await docker()).getVolume(encodeURIComponent(name)).inspect());
      return volume && { driver: volume.Driver, options: volume.Options ?? {} };
    },
    async pluginMounts(name) {
      const plugin = await found<PluginInfo>((await docker()).getPlugin(encodeURIComponent(name), '').inspect());
      return plugin && (plugin.Settings?.Mounts ?? []).flatMap(({ Source }) => Source ?? []);
    },
    async distribution(reference, registryAuth) {
      const image = (await docker()).getImage(encodeURIComponent(reference));
      const authconfig = registryAuth === undefined ? {} : { authconfig: { base64: registryAuth } };
      const answer = await ask((image as unknown as Distributing).distribution(authconfig));
      return answer.Descriptor.digest;
    },
    async removeContainer(id) {
      await found((await docker()).getContainer(encodeURIComponent(id)).remove({ force: true, v: true }));
    },
    async pathStat(containerId, path) {
      const archive = (await docker()).getContainer(containerId).infoArchive({ path });
      const answer = (await found(archive)) as unknown as ArchiveInfo | undefined;
      answer?.resume();
      return answer && toPathStat(answer.headers['x-docker-container-path-stat']);
    },
    async putArchive(containerId, tar) {
      const options = { path: '/', noOverwriteDirNonDir: '1' } as never;
      await ask((await docker()).getContainer(containerId).putArchive(tar, options));
    },
    async removedContainers(signal, onOpen, onRemoved) {
      const filters = { type: ['container'], event: ['destroy'] };
      const stream = await ask((await docker()).getEvents({ filters: JSON.stringify(filters), abortSignal: signal }));
      onOpen();
      await followLines(stream as AsyncIterable<Buffer>, (line) => onRemoved(String(JSON.parse(line).Actor?.ID ?? '')));
    },
  };
}

interface PluginInfo {
  readonly Settings?: { readonly Mounts?: readonly { readonly Source?: string | null }[] | null };
}

/** dockerode's own types leave the promise out. */
interface Distributing {
  distribution(options: object): Promise<DistributionInfo>;
}

interface DistributionInfo {
  readonly Descriptor: { readonly digest: string };
}

interface ArchiveInfo {
  readonly headers: Readonly<Record<string, string | undefined>>;
  resume(): void;
}

/** Loading costs about 100 ms and 22 MB, so it waits until the engine is first asked something. */
async function loadDockerode(endpoint: EngineEndpoint): Promise<Dockerode> {
  const { default: Docker } = await import('dockerode');
  // Everything is given, so that DOCKER_HOST and its kin in our environment (which may lead to ourselves) do not count.
  const settled = { protocol: 'http' as const, pathPrefix: '/', ca: undefined, cert: undefined, key: undefined };
  const where =
    endpoint.kind === 'socket'
      ? { host: undefined, port: undefined, socketPath: endpoint.path }
      : { host: endpoint.host, port: endpoint.port };
  return new Docker({ ...settled, ...where } as unknown as Dockerode.DockerOptions);
}

async function ask<T>(question: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new EngineError(undefined, `no answer within ${QUESTION_MS / 1000} s`)),
      QUESTION_MS,
    );
  });
  try {
    return await Promise.race([question, late]);
  } catch (error) {
    throw asEngineError(error);
  } finally {
    clearTimeout(timer);
  }
}

async function found<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await ask(question);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}

function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const { statusCode, json, message } = error as { statusCode?: number; json?: { message?: string }; message?: string };
  return new EngineError(statusCode, json?.message ?? message ?? String(error));
}

function toImage(image: Dockerode.ImageInspectInfo | undefined): LocalImage | undefined {
  return (
    image && {
      id: image.Id,
      tags: image.RepoTags ?? [],
      repoDigests: image.RepoDigests ?? [],
      layers: image.RootFS?.Layers ?? [],
    }
  );
}

function toContainer(container: Dockerode.ContainerInspectInfo | undefined): EngineContainer | undefined {
  if (container === undefined) return undefined;
  const mounts = container.Mounts.map((mount) => ({
    type: mount.Type ?? '',
    name: mount.Name ?? '',
    source: mount.Source ?? '',
    target: mount.Destination ?? '',
  }));
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    image: container.Config.Image,
    imageId: container.Image,
    mounts,
    tmpfs: Object.keys((container.HostConfig as { Tmpfs?: object | null }).Tmpfs ?? {}),
  };
}

/** moby sends the stat as base64 JSON; `mode` is Go's os.FileMode, whose top bit is a folder and bit 27 a link. */
function toPathStat(header: string | undefined): PathStat | undefined {
  if (header === undefined) return undefined;
  const stat = JSON.parse(Buffer.from(header, 'base64').toString()) as { mode: number; linkTarget?: string };
  const mode = stat.mode >>> 0;
  return {
    isFolder: (mode & 0x8000_0000) !== 0,
    isLink: (mode & 0x0800_0000) !== 0,
    linkTarget: stat.linkTarget ?? '',
  };
}

async function followLines(stream: AsyncIterable<Buffer>, onLine: (line: string) => void): Promise<void> {
  let held = '';
  for await (const bytes of stream) {
    const lines = (held + bytes.toString()).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
  }
}
