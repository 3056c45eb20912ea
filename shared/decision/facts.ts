import type { CreateRequest, PlacedMount } from '../engine-api/create-body.ts';
import type { Escape } from '../escape/kinds.ts';
import type { ImageListEntry } from '../images/image-list-entry.ts';
import type { RegistryTrouble } from '../images/registry-trouble.ts';
import type { MountRefusal } from './refuse.ts';

/** What a bind source, a volume's device or a plugin's mount is, found out by looking and not by its spelling. */
export type SourceFact =
  | { readonly kind: 'ordinary' }
  /** Exactly a socket that means "the Docker socket": the engine's, an alias of it, the host gate's or a filtered one. */
  | { readonly kind: 'socket'; readonly socket: string }
  /** A delivered folder, sent back by a tool that inspects and re-creates: the Docker socket at the recorded targets. */
  | { readonly kind: 'delivered-folder'; readonly targets: readonly string[] }
  /** A folder through which the named socket can be reached. */
  | { readonly kind: 'exposes'; readonly socket: string }
  /** A folder that holds nothing protected but our own state or settings, at these paths below it. */
  | { readonly kind: 'holds-state'; readonly below: readonly string[]; readonly onlySettings?: true }
  /** Something that no container gets: containerd's socket, our own state. */
  | { readonly kind: 'protected'; readonly what: string }
  | { readonly kind: 'unverifiable'; readonly why: string };

/** What a mount of a create body brings into the container. */
export type MountFact =
  | { readonly kind: 'source'; readonly request: PlacedMount; readonly source: SourceFact }
  /** A volume that is a bind in disguise: `o=bind` with a device. */
  | {
      readonly kind: 'bind-volume';
      readonly request: PlacedMount;
      readonly device: string;
      readonly source: SourceFact;
    }
  | { readonly kind: 'plain-volume'; readonly request: PlacedMount }
  | { readonly kind: 'volumes-from'; readonly request: PlacedMount; readonly from: HolderFact };

/** Whether a container may go on to use the filtered socket that it has. */
export type HolderStanding =
  /** `by` is what permits it now, where that is not what permitted it before. */
  | { readonly kind: 'stands'; readonly by?: { readonly entry: string; readonly derivedFrom?: string } }
  | { readonly kind: 'refused'; readonly image: string; readonly refusal: MountRefusal };

/** Whether somebody has cut a container off its filtered socket by hand; `since` is RFC 3339. */
export type CutOffFact = { readonly kind: 'connected' } | { readonly kind: 'cut-off'; readonly since: string };

/** What a container holds of the engine, by its mounts as the engine reports them. */
export type HolderFact =
  | { readonly kind: 'nothing' }
  /** Its own, delivered to it at these targets. */
  | { readonly kind: 'filtered-socket'; readonly targets: readonly string[] }
  /** `isFiltered`: it is the filtered socket of another container. */
  | { readonly kind: 'raw'; readonly source: string; readonly fact: SourceFact; readonly isFiltered?: true }
  | { readonly kind: 'unverifiable'; readonly why: string };

/** An existing container that is to be started. */
export type ContainerFact =
  /** The engine answers for itself. */
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present';
      readonly id: string;
      readonly image: string;
      readonly imageId: string;
      /** Which of the images of its ID it runs, where the engine tells: `linux/arm64`. */
      readonly platform?: string;
      readonly holds: HolderFact;
      /** RFC 3339; absent while it does not run. */
      readonly startedAt?: string;
    };

/** The container that a request names, looked up once; what it goes on to is just that one. */
export type NamedFact = { readonly kind: 'absent' } | { readonly kind: 'present'; readonly id: string };

/** How far an image-list entry is proven for a local image. */
export interface EntryProof {
  readonly entry: ImageListEntry;
  readonly verdict: 'confirmed' | 'digest-differs' | 'pinned-digest-differs' | 'registry-unreachable';
  /** The registry's digest for a tag entry, when it is known. */
  readonly registryDigest?: string;
  /** When the registry was first found to have that one, as RFC 3339. */
  readonly registryHasItSince?: string;
  /** Set where it is confirmed by what the registry had before: until when that counts, as RFC 3339. */
  readonly countsUntil?: string;
  /** In words: when it was confirmed, or what the registry answered. */
  readonly detail: string;
  /** What keeps the registry from telling; with `registry-unreachable`. */
  readonly trouble?: RegistryTrouble;
}

/** A parent in the image list that a local image is built on, or seems to be. */
export interface DerivedProof {
  readonly parent: string;
  readonly entry: ImageListEntry;
  readonly verdict: 'derived' | 'off' | 'parent-missing' | 'parent-unconfirmed' | 'not-local-only';
}

/** The image of a container that asks for a socket. */
export type ImageFact =
  /** The engine's own 404 goes back, so that `docker run` pulls. */
  | { readonly kind: 'absent'; readonly message: string }
  | {
      readonly kind: 'present';
      /** Canonical reference for messages: `docker.io/library/docker:cli`, or the ID when it was named by ID. */
      readonly name: string;
      readonly id: string;
      /** What a container of it runs, where its ID may stand for the images of several platforms. */
      readonly manifest?: string;
      /** Digests that the local image carries, whatever name they stand behind. */
      readonly digests: readonly string[];
      readonly proofs: readonly EntryProof[];
      /** Absent when parents were not looked for, since an entry is confirmed. */
      readonly derived?: readonly DerivedProof[];
    }
  | { readonly kind: 'unverifiable'; readonly name: string; readonly why: string };

/** A body that we must see, read whole. */
export type BodyFact<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly status: 400 | 413 | 431; readonly problem: string };

/** A mount of a service, or of a plugin, with what its source is. */
export interface ForeignMountFact {
  readonly source: string;
  readonly fact: SourceFact;
}

/** Everything that was found out for one request so far. What is absent has not been looked at. */
export interface Facts {
  readonly create?: BodyFact<CreateRequest>;
  readonly mounts?: readonly MountFact[];
  readonly image?: ImageFact;
  /** Of the container in the path, or in the query. */
  readonly named?: NamedFact;
  readonly startBody?: BodyFact<'empty' | 'host-config'>;
  readonly container?: ContainerFact;
  /** What in the request, and in what it is about, leads out of containers. */
  readonly escapes?: BodyFact<readonly Escape[]>;
  /** Whether the container in the path was created through the same socket. */
  readonly ownContainer?: boolean;
  /** Of the container whose socket the request came through, as is the next. */
  readonly cutOff?: CutOffFact;
  readonly holderStanding?: HolderStanding;
  readonly serviceMounts?: BodyFact<readonly ForeignMountFact[]>;
  readonly pluginMounts?: BodyFact<readonly ForeignMountFact[]>;
}

export type FactName = keyof Facts;
