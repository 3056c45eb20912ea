import type Dockerode from 'dockerode';
import { ask, EngineError, followLines, found } from './asking.ts';

/** An image in the engine's list. */
export interface ListedImage {
  readonly id: string;
  readonly tags: readonly string[];
  /** `name@sha256:…` as the engine reports them: with the containerd store any tag makes one. */
  readonly repoDigests: readonly string[];
  /** Digests of the manifests of single platforms that are here, where they were asked for and the store has them. */
  readonly manifests?: readonly string[];
  /** When it was made, RFC 3339. */
  readonly createdAt: string;
}

/** A container that was made from an image. */
export interface ImageUser {
  readonly id: string;
  readonly name: string;
  /** The engine's word: `running`, `exited`, `created`. */
  readonly state: string;
  /** Whether processes of it may be there: they are not to be ended by the way. */
  readonly isRunning: boolean;
}

/** One line of a pull's progress (moby pkg/jsonmessage). */
export interface PullLine {
  /** The layer; absent for lines about the whole pull. */
  readonly id?: string;
  readonly status: string;
  readonly current?: number;
  readonly total?: number;
}

export interface Pull {
  /** With tag or digest. */
  readonly reference: string;
  readonly registryAuth: string | undefined;
  /** `linux/arm64`; undefined for the engine's own. */
  readonly platform: string | undefined;
  readonly onLine: (line: PullLine) => void;
  /** Ends the pull: the engine gives it up when the connection goes. */
  readonly signal: AbortSignal;
}

/** Our questions to the engine about its images, and what changes them; see EngineClient. */
export interface ImageClient {
  /** All but the ones between the layers of a build; with their manifests it takes the engine longer. */
  images(which?: { readonly withManifests: boolean }): Promise<readonly ListedImage[]>;
  /** Containers, running or not, that were made from just this image. */
  containersOf(imageId: string): Promise<readonly ImageUser[]>;
  /** The platform of an image (`linux/arm64`), where it is not the engine's own. */
  foreignPlatform(name: string): Promise<string | undefined>;
  /** Resolves when the pull is complete; rejects with the engine's words, also when it ends early. */
  pull(pull: Pull): Promise<void>;
  /** Removes an image by its ID, unless something uses it: then it rejects. One that is gone is no error. */
  removeImage(id: string): Promise<void>;
  /** Removes a container that does not run, with nothing else of it; rejects when it does. */
  removeStopped(containerId: string): Promise<void>;
  /** Follows what is done to images, and to the names of containers, until the signal or the engine ends the stream. */
  watchImages(signal: AbortSignal, watch: { opened(): void; changed(): void }): Promise<void>;
}

/** `streaming` has no bound on how long nothing comes: a pull may wait for a layer that another one fetches. */
export function imageClient(docker: () => Promise<Dockerode>, streaming: typeof docker): ImageClient {
  return {
    async images({ withManifests } = { withManifests: false }) {
      const images = await ask((await docker()).listImages(withManifests ? { manifests: true } : {}));
      return images.map(({ Id, RepoTags, RepoDigests, Manifests, Created }) => ({
        id: Id,
        tags: named(RepoTags),
        repoDigests: named(RepoDigests),
        ...(Manifests && { manifests: Manifests.filter(isHere).map(({ Descriptor }) => Descriptor.digest) }),
        createdAt: new Date(Created * 1000).toISOString(),
      }));
    },
    async containersOf(imageId) {
      const list = await ask((await docker()).listContainers({ all: true }));
      return list.filter(({ ImageID }) => ImageID === imageId).map(toUser);
    },
    async foreignPlatform(name) {
      const [image, own] = await Promise.all([
        found((await docker()).getImage(encodeURIComponent(name)).inspect()),
        ask((await docker()).version()),
      ]);
      if (image === undefined || image.Architecture === '' || image.Architecture === own.Arch) return undefined;
      return [image.Os, image.Architecture, image.Variant]
        .filter((part) => part !== undefined && part !== '')
        .join('/');
    },
    async pull({ reference, registryAuth, platform, onLine, signal }) {
      const options = { abortSignal: signal, ...(platform !== undefined && { platform }) };
      const auth = registryAuth === undefined ? {} : { authconfig: { base64: registryAuth } };
      try {
        const stream = await ask((await streaming()).pull(reference, { ...options, ...auth }));
        await followLines(stream as AsyncIterable<Buffer>, (line) => onLine(toPullLine(JSON.parse(line) as RawLine)));
      } catch (error) {
        throw pullError(error);
      }
    },
    async removeImage(id) {
      await found((await docker()).getImage(encodeURIComponent(id)).remove());
    },
    async removeStopped(containerId) {
      await found((await docker()).getContainer(encodeURIComponent(containerId)).remove());
    },
    async watchImages(signal, watch) {
      const filters = JSON.stringify({ type: ['image', 'container'], event: IMAGE_EVENTS });
      const stream = await ask((await streaming()).getEvents({ filters, abortSignal: signal }));
      watch.opened();
      await followLines(stream as AsyncIterable<Buffer>, watch.changed);
    },
  };
}

/** Those that change what is here under which name; `push` adds a digest, `commit` makes an image. */
const IMAGE_EVENTS = ['pull', 'push', 'tag', 'untag', 'delete', 'load', 'import', 'commit', 'rename'];

/** An image that can be run, and not one of which the index here only knows that it is elsewhere. */
function isHere({ Kind, Available }: NonNullable<Dockerode.ImageInfo['Manifests']>[number]): boolean {
  return Kind === 'image' && Available;
}

/** The engine's list shows what has no name as `<none>:<none>` and `<none>@<none>`. */
function named(names: readonly string[] | null | undefined): readonly string[] {
  return (names ?? []).filter((name) => !name.includes('<none>'));
}

const STOPPED: ReadonlySet<string> = new Set(['created', 'exited', 'dead']);

function toUser({ Id, Names, State }: Dockerode.ContainerInfo): ImageUser {
  return { id: Id, name: (Names[0] ?? Id).replace(/^\//, ''), state: State, isRunning: !STOPPED.has(State) };
}

interface RawLine {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
}

/** After the first line the status is 200 for good: what fails later is told in a line. */
function toPullLine({ id, status = '', progressDetail = {}, error }: RawLine): PullLine {
  if (error !== undefined) throw new EngineError(undefined, error);
  const { current, total } = progressDetail;
  return {
    ...(id !== undefined && { id }),
    status,
    ...(current !== undefined && { current }),
    ...(total !== undefined && { total }),
  };
}

function pullError(error: unknown): EngineError {
  if (!(error instanceof EngineError)) {
    const words = error instanceof Error ? error.message : String(error);
    return new EngineError(undefined, `the engine broke the pull off (${words})`);
  }
  // dockerode puts the status before the words of an answer that should have been a stream.
  const words = error.message.replace(/^\(HTTP code \d+\) [a-z ]+ - /, '').trim();
  return new EngineError(error.status, words);
}
