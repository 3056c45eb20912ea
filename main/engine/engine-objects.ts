import type Dockerode from 'dockerode';
import { platformWords } from './local-image.ts';

export interface EngineInfo {
  /** Kept with the engine's data, or beside it: another one is another engine, or one that has lost its data. */
  readonly id: string;
  readonly version: string;
  readonly kernel: string;
  readonly system: string;
  readonly store: string;
  /** Whom root is in containers on the host, where the engine remaps users (`userns-remap`). */
  readonly remappedRoot?: HostUser;
}

/** A user and a group by their numbers on the host. */
export interface HostUser {
  readonly uid: number;
  readonly gid: number;
}

/** A container in the engine's list. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  /** `created` was never started. */
  readonly state: string;
  /** Sources of its mounts. */
  readonly sources: readonly string[];
  /** Folders of the host in which it can write. */
  readonly writable: readonly string[];
}

export interface EngineMount {
  readonly type: string;
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly isWritable: boolean;
}

export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  /** What it runs of an image with several platforms (containerd store, engine 28 or newer). */
  readonly runs?: { readonly manifest: string; readonly platform?: string };
  readonly mounts: readonly EngineMount[];
  readonly tmpfs: readonly string[];
  /** Those that it is in, or will be when it starts, by the names that were given. */
  readonly networks: readonly string[];
  /** As the engine reports it. */
  readonly hostConfig: object;
  /** RFC 3339; absent while it does not run. */
  readonly startedAt?: string;
  /** Its first process, on the engine's machine; absent while it does not run. */
  readonly pid?: number;
}

export interface EngineVolume {
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
}

type InspectedContainer = Dockerode.ContainerInspectInfo & {
  readonly ImageManifestDescriptor?: {
    readonly digest: string;
    readonly platform?: Parameters<typeof platformWords>[0];
  };
};

export function toContainer(container: InspectedContainer | undefined): EngineContainer | undefined {
  if (container === undefined) return undefined;
  const mounts = container.Mounts.map((mount) => ({
    type: mount.Type ?? '',
    name: mount.Name ?? '',
    source: mount.Source ?? '',
    target: mount.Destination ?? '',
    isWritable: mount.RW,
  }));
  const runs = container.ImageManifestDescriptor;
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    image: container.Config.Image,
    imageId: container.Image,
    ...(runs !== undefined && { runs: toRuns(runs) }),
    mounts,
    hostConfig: container.HostConfig,
    networks: Object.keys(container.NetworkSettings?.Networks ?? {}),
    tmpfs: Object.keys((container.HostConfig as { Tmpfs?: object | null }).Tmpfs ?? {}),
    ...(container.State.Running && { startedAt: container.State.StartedAt, pid: container.State.Pid }),
  };
}

function toRuns({ digest, platform }: NonNullable<InspectedContainer['ImageManifestDescriptor']>) {
  return { manifest: digest, ...(platform !== undefined && { platform: platformWords(platform) }) };
}

/** moby keeps the data of a remapping engine in a folder that is named after the root of its containers. */
export function remappedRoot(info: { SecurityOptions?: readonly string[] | null; DockerRootDir?: string }) {
  const [, uid, gid] = /\/(\d+)\.(\d+)$/.exec(info.DockerRootDir ?? '') ?? [];
  const isRemapped = info.SecurityOptions?.includes('name=userns') === true && uid !== undefined && gid !== undefined;
  return isRemapped ? { remappedRoot: { uid: Number(uid), gid: Number(gid) } } : {};
}
