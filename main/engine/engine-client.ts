import type Dockerode from 'dockerode';
import { ask, engineConnections, followLines, found } from './asking.ts';
import { isEmptyArchive, type PathStat, toPathStat } from './container-paths.ts';
import type { EngineEndpoint } from './endpoint.ts';
import {
  type EngineContainer,
  type EngineInfo,
  type EngineVolume,
  type ListedContainer,
  remappedRoot,
  toContainer,
} from './engine-objects.ts';
import { type ImageClient, imageClient } from './image-client.ts';
import { type LocalImage, localImage } from './local-image.ts';

export { EngineError, isAway } from './asking.ts';
export type {
  EngineContainer,
  EngineInfo,
  EngineMount,
  EngineVolume,
  HostUser,
  ListedContainer,
} from './engine-objects.ts';
export type { LocalImage } from './local-image.ts';

/** What is told about containers as it happens. */
export interface ContainerWatch {
  /** From now on nothing is missed, until the stream ends. */
  opened(): void;
  created(id: string, name: string): void;
  started(id: string): void;
  removed(id: string): void;
  /** Any of these, or it ended, or has another name. */
  changed(id: string): void;
}

/** A container that is made to be looked at and never started. */
export interface ContainerToLookAt {
  readonly name: string;
  readonly imageId: string;
  /** As the client's create had it in its query. */
  readonly platform: string | undefined;
  readonly binds: readonly string[];
}

/**
 * Our own questions to the engine. Names come from clients: they are percent-encoded here, so that none can reach
 * another route. "Not found" is a value, everything else that goes wrong an {@link EngineError}.
 */
export interface EngineClient extends ImageClient {
  info(): Promise<EngineInfo>;
  /** Whether it is Podman's service, by the components that it names. */
  isPodman(): Promise<boolean>;
  /** `platform` as the client's create has it in its query; without it, the engine's own choice. */
  image(name: string, platform?: string): Promise<LocalImage | undefined>;
  taggedImages(): Promise<readonly { readonly id: string; readonly tags: readonly string[] }[]>;
  container(name: string): Promise<EngineContainer | undefined>;
  /** All containers, running or not. */
  containers(): Promise<readonly ListedContainer[]>;
  /** IDs of the containers that mount a volume. */
  containersWithVolume(name: string): Promise<readonly string[]>;
  /** The ID of the container that an exec runs in. */
  containerOfExec(id: string): Promise<string | undefined>;
  /** The driver of a network. */
  networkDriver(name: string): Promise<string | undefined>;
  volume(name: string): Promise<EngineVolume | undefined>;
  pluginMounts(name: string): Promise<readonly string[] | undefined>;
  /** The digest that a registry has for a reference, asked through the engine (moby GET /distribution/{name}/json). */
  distribution(reference: string, registryAuth: string | undefined): Promise<string>;
  /** Resolves to its ID. */
  createToLookAt(container: ContainerToLookAt): Promise<string>;
  removeContainer(id: string): Promise<void>;
  killContainer(id: string): Promise<void>;
  pathStat(containerId: string, path: string): Promise<PathStat | undefined>;
  isEmptyFolder(containerId: string, path: string): Promise<boolean | undefined>;
  /** Unpacks a tar at the container's root, never replacing a folder by something else. */
  putArchive(containerId: string, tar: Buffer): Promise<void>;
  /** Follows containers until the signal or the engine ends the stream. */
  watchContainers(signal: AbortSignal, watch: ContainerWatch): Promise<void>;
  /** Gives up on all questions that are open. */
  close(): void;
}

export function engineClient(endpoint: EngineEndpoint): EngineClient {
  const connections = engineConnections(endpoint);
  const docker = connections.forQuestions;
  return {
    ...imageClient(docker, connections.forStreams),
    async info() {
      const info = await ask((await docker()).info());
      return {
        id: String(info.ID ?? ''),
        version: String(info.ServerVersion ?? ''),
        kernel: String(info.KernelVersion ?? ''),
        system: String(info.OperatingSystem ?? ''),
        store: String(info.Driver ?? ''),
        ...remappedRoot(info),
      };
    },
    async isPodman() {
      const { Components = [] } = (await ask((await docker()).version())) as EngineVersion;
      return Components.some(({ Name }) => Name === 'Podman Engine');
    },
    async image(name, platform) {
      const engine = await docker();
      return localImage((one, query) => found(inspectImage(engine, one, query)), name, platform);
    },
    async taggedImages() {
      const images = await ask((await docker()).listImages());
      return images.map((image) => ({ id: image.Id, tags: image.RepoTags ?? [] }));
    },
    async container(name) {
      // No container is called so, and the path would be another one.
      if (name === '') return undefined;
      return toContainer(await found((await docker()).getContainer(encodeURIComponent(name)).inspect()));
    },
    async containers() {
      const list = await ask((await docker()).listContainers({ all: true }));
      return list.map(({ Id, Names, State, Mounts }) => ({
        id: Id,
        name: (Names?.[0] ?? Id).replace(/^\//, ''),
        state: State ?? '',
        sources: (Mounts ?? []).map(({ Source }) => Source ?? ''),
        writable: (Mounts ?? []).filter(({ RW }) => RW).flatMap(({ Source }) => (Source ? [Source] : [])),
      }));
    },
    async containersWithVolume(name) {
      const filters = JSON.stringify({ volume: [name] });
      const list = await ask((await docker()).listContainers({ all: true, filters }));
      return list.map(({ Id }) => Id);
    },
    async containerOfExec(id) {
      return (await found((await docker()).getExec(encodeURIComponent(id)).inspect()))?.ContainerID;
    },
    async networkDriver(name) {
      const network = (await docker()).getNetwork(encodeURIComponent(name)).inspect();
      return (await found<{ Driver: string }>(network))?.Driver;
    },
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
    async createToLookAt({ name, imageId, platform, binds }) {
      // It cannot be started either: there is no such program, and no network.
      const body = {
        name,
        Image: imageId,
        Entrypoint: [],
        Cmd: ['lockkeeper-looks-at-this-image'],
        HostConfig: { Binds: [...binds], NetworkMode: 'none' },
        ...(platform !== undefined && { platform }),
      };
      return (await ask((await docker()).createContainer(body))).id;
    },
    async removeContainer(id) {
      await found((await docker()).getContainer(encodeURIComponent(id)).remove({ force: true, v: true }));
    },
    async killContainer(id) {
      await found((await docker()).getContainer(encodeURIComponent(id)).kill());
    },
    async pathStat(containerId, path) {
      const archive = (await docker()).getContainer(containerId).infoArchive({ path });
      const answer = (await found(archive)) as unknown as ArchiveInfo | undefined;
      answer?.resume();
      const header = answer?.headers['x-docker-container-path-stat'];
      return header === undefined ? undefined : toPathStat(header);
    },
    async isEmptyFolder(containerId, path) {
      const archive = await found((await docker()).getContainer(containerId).getArchive({ path }));
      return archive && isEmptyArchive(archive);
    },
    async putArchive(containerId, tar) {
      const options = { path: '/', noOverwriteDirNonDir: '1' } as never;
      await ask((await docker()).getContainer(containerId).putArchive(tar, options));
    },
    async watchContainers(signal, watch) {
      const filters = { type: ['container'], event: [...WATCHED, 'died', 'remove'] };
      const engine = await connections.forStreams();
      const stream = await ask(engine.getEvents({ filters: JSON.stringify(filters), abortSignal: signal }));
      watch.opened();
      await followLines(stream as AsyncIterable<Buffer>, (line) => {
        const { Action, Actor } = JSON.parse(line) as ContainerEvent;
        const id = String(Actor?.ID ?? '');
        if (Action === 'create') watch.created(id, String(Actor?.Attributes?.name ?? ''));
        if (Action === 'start') watch.started(id);
        if (Action === 'destroy' || Action === 'remove') watch.removed(id);
        watch.changed(id);
      });
    },
    close: connections.close,
  };
}

/** moby GET /events. */
interface ContainerEvent {
  readonly Action?: unknown;
  readonly Actor?: { readonly ID?: unknown; readonly Attributes?: { readonly name?: unknown } };
}

interface PluginInfo {
  readonly Settings?: { readonly Mounts?: readonly { readonly Source?: string | null }[] | null };
}

/** dockerode's own `inspect` leaves the parameters out of the request. */
function inspectImage(engine: Dockerode, name: string, query: Readonly<Record<string, string>>): Promise<object> {
  const statusCodes = { 200: true, 400: 'bad parameter', 404: 'no such image', 500: 'server error' };
  const path = `/images/${encodeURIComponent(name)}/json?`;
  return new Promise((resolve, reject) => {
    engine.modem.dial({ path, method: 'GET', options: query, statusCodes }, (error, answer) => {
      if (error) reject(error);
      else resolve(answer as object);
    });
  });
}

/** Podman calls the last and the third otherwise: `remove`, and for its filters `died`. */
const WATCHED = ['create', 'start', 'die', 'rename', 'destroy'];

/** dockerode's own types leave the components out (moby GET /version). */
interface EngineVersion {
  readonly Components?: readonly { readonly Name: string }[];
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
