import { randomBytes } from 'node:crypto';
import type { PathStat } from '../engine/container-paths.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Reached } from '../steps/step.ts';
import { FOLDER_IN_CONTAINER } from './delivery.ts';
import type { ImagePaths } from './image-paths.ts';

export interface LookDeps {
  readonly engine: Pick<
    EngineClient,
    'createToLookAt' | 'container' | 'containers' | 'pathStat' | 'isEmptyFolder' | 'removeContainer'
  >;
  /** An empty folder of ours, which nobody else can mount: what has it mounted is a look. */
  readonly folder: string;
  readonly failed: (error: unknown) => void;
  readonly reached?: Reached;
}

export interface LookedAt {
  readonly imageId: string;
  /** One ID may stand for the images of several platforms. */
  readonly platform: string | undefined;
}

export interface ImageLooks {
  /** Gives a question the paths of an image, and tidies up behind it. */
  lookAtImage<Answer>(image: LookedAt, ask: (paths: ImagePaths) => Promise<Answer>): Promise<Answer>;
  /** Removes the containers of looks that were interrupted. */
  removeLeftovers(): Promise<void>;
}

const NAME = 'lockkeeper-look-';

/** Images whose paths are remembered, and paths of each: clients choose them, so there is an end to both. */
const MOST_IMAGES = 200;
const MOST_PATHS = 2_000;

interface Known {
  readonly stats: Map<string, PathStat | undefined>;
  readonly empty: Map<string, boolean>;
  volumes?: readonly string[];
}

/**
 * The engine shows the files of an image only through a container. So one is created that is never started, looked at,
 * and removed again, once for each image.
 */
export function imageLooks(deps: LookDeps): ImageLooks {
  const images = new Map<string, Known>();
  const openNames = new Set<string>();
  return {
    async lookAtImage(image, ask) {
      const known = knownOf(images, `${image.imageId} ${image.platform ?? ''}`);
      let opening: Promise<OpenLook> | undefined;
      const open = () => {
        opening ??= openLook(deps, image, openNames);
        return opening;
      };
      try {
        return await ask(rememberedPaths(deps, known, open));
      } finally {
        await opening?.then(
          ({ close }) => close(),
          () => undefined,
        );
      }
    },
    async removeLeftovers() {
      const listed = await deps.engine.containers();
      const left = listed.filter(({ name, sources }) => sources.includes(deps.folder) && !openNames.has(name));
      for (const { id } of left) await deps.engine.removeContainer(id);
    },
  };
}

function knownOf(images: Map<string, Known>, name: string): Known {
  const before = images.get(name);
  const known =
    before !== undefined && before.stats.size < MOST_PATHS ? before : { stats: new Map(), empty: new Map() };
  images.delete(name);
  images.set(name, known);
  const [oldest] = images.keys();
  if (images.size > MOST_IMAGES && oldest !== undefined) images.delete(oldest);
  return known;
}

function rememberedPaths({ engine }: LookDeps, known: Known, open: () => Promise<OpenLook>): ImagePaths {
  return {
    async stat(path) {
      if (!known.stats.has(path)) known.stats.set(path, await engine.pathStat((await open()).id, path));
      return known.stats.get(path);
    },
    async isEmptyFolder(path) {
      const isEmpty = known.empty.get(path) ?? (await engine.isEmptyFolder((await open()).id, path));
      known.empty.set(path, isEmpty);
      return isEmpty;
    },
    async volumes() {
      known.volumes ??= await volumesOf(engine, (await open()).id);
      return known.volumes;
    },
  };
}

/** It has no mounts but that folder and the volumes that its image wants. */
async function volumesOf(engine: LookDeps['engine'], id: string): Promise<readonly string[]> {
  const targets = (await engine.container(id))?.mounts.map(({ target }) => target) ?? [];
  return targets.filter((target) => target !== FOLDER_IN_CONTAINER);
}

interface OpenLook {
  readonly id: string;
  close(): Promise<void>;
}

async function openLook(
  { engine, folder, failed, reached }: LookDeps,
  image: LookedAt,
  open: Set<string>,
): Promise<OpenLook> {
  const name = `${NAME}${randomBytes(8).toString('hex')}`;
  open.add(name);
  try {
    const id = await engine.createToLookAt({ ...image, name, binds: [`${folder}:${FOLDER_IN_CONTAINER}:ro`] });
    reached?.('image-opened');
    return {
      id,
      async close() {
        await engine.removeContainer(id).catch(failed);
        open.delete(name);
      },
    };
  } catch (error) {
    open.delete(name);
    throw error;
  }
}
