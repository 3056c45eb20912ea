import { randomBytes } from 'node:crypto';
import type { PathStat } from '../engine/container-paths.ts';
import { type EngineClient, EngineError, isAway } from '../engine/engine-client.ts';
import type { Reached } from '../steps/step.ts';
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
  /** The engine has created a container: a look may come when who asked for it is gone, as after a kill. */
  containerCreated(id: string, name: string): Promise<void>;
}

const NAME = 'lockkeeper-look-';

/** Images whose paths are remembered, and paths of each: clients choose them, so there is an end to both. */
const MOST_IMAGES = 200;
const MOST_PATHS = 2_000;

interface Known {
  readonly stats: Remembered<PathStat>;
  readonly empty: Remembered<boolean>;
  readonly volumes: Remembered<readonly string[]>;
  /** One for all that ask at the same time, until the last of them is through. */
  readonly look: LookOnDemand;
  users: number;
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
      const known = knownOf(images, `${image.imageId} ${image.platform ?? ''}`, () => openLook(deps, image, openNames));
      known.users += 1;
      try {
        return await ask(rememberedPaths(deps, known));
      } finally {
        known.users -= 1;
        if (known.users === 0) await known.look.close();
      }
    },
    async removeLeftovers() {
      const listed = await deps.engine.containers();
      const left = listed.filter(({ name, sources }) => sources.includes(deps.folder) && !openNames.has(name));
      for (const { id } of left) await deps.engine.removeContainer(id);
    },
    async containerCreated(id, name) {
      if (!name.startsWith(NAME) || openNames.has(name)) return;
      const container = await deps.engine.container(id);
      // Anybody can call a container so.
      const isLook = container?.mounts.some(({ source }) => source === deps.folder) ?? false;
      if (isLook) await deps.engine.removeContainer(id);
    },
  };
}

function knownOf(images: Map<string, Known>, name: string, open: () => Promise<OpenLook>): Known {
  const before = images.get(name);
  const known = before !== undefined && before.stats.size() < MOST_PATHS ? before : nothingKnown(open);
  images.delete(name);
  images.set(name, known);
  const [oldest] = images.keys();
  if (images.size > MOST_IMAGES && oldest !== undefined) images.delete(oldest);
  return known;
}

function nothingKnown(open: () => Promise<OpenLook>): Known {
  return { stats: remembered(), empty: remembered(), volumes: remembered(), look: lookOnDemand(open), users: 0 };
}

function rememberedPaths({ engine }: LookDeps, known: Known): ImagePaths {
  const { stats, empty, volumes, look } = known;
  return {
    stat: (path) => stats.of(path, () => answered(engine, look, ({ id }) => engine.pathStat(id, path))),
    async isEmptyFolder(path) {
      const ask = () => answered(engine, look, ({ id }) => engine.isEmptyFolder(id, path));
      return (await empty.of(path, ask)) ?? true;
    },
    async volumes() {
      return (await volumes.of('', () => answered(engine, look, (open) => volumesOf(engine, open)))) ?? [];
    },
  };
}

/** Answers that are asked for once, also when several want one at the same time. */
interface Remembered<Answer> {
  of(question: string, ask: () => Promise<Answer | undefined>): Promise<Answer | undefined>;
  size(): number;
}

function remembered<Answer>(): Remembered<Answer> {
  const answers = new Map<string, Promise<Answer | undefined>>();
  return {
    size: () => answers.size,
    of(question, ask) {
      const known = answers.get(question) ?? ask();
      answers.set(question, known);
      // What went wrong may go right the next time.
      known.catch(() => answers.delete(question));
      return known;
    },
  };
}

/** Whoever prunes containers may do it this often while one image is looked at. */
const MOST_LOOKS = 3;

/** Asks through a look. "Not found" is believed only while that is there: `docker container prune` takes it away too. */
async function answered<Answer>(
  engine: LookDeps['engine'],
  look: LookOnDemand,
  question: (open: OpenLook) => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  for (let looks = 1; looks <= MOST_LOOKS; looks += 1) {
    const open = await look.open();
    const answer = await question(open);
    if (answer !== undefined || (await engine.container(open.id)) !== undefined) return answer;
    await look.close(open);
  }
  throw new EngineError(409, 'somebody removes the containers by which Lockkeeper looks at images; try again');
}

/** It has no mounts but the one by which it is known, and the volumes that its image wants. */
async function volumesOf(engine: LookDeps['engine'], { id, mark }: OpenLook): Promise<readonly string[] | undefined> {
  const container = await engine.container(id);
  return container?.mounts.map(({ target }) => target).filter((target) => target !== mark);
}

interface OpenLook {
  readonly id: string;
  /** Where it has our empty folder mounted. */
  readonly mark: string;
  close(): Promise<void>;
}

interface LookOnDemand {
  open(): Promise<OpenLook>;
  /** Closes the one that is open, or only if it is this one. Whoever asks next opens another. */
  close(only?: OpenLook): Promise<void>;
}

function lookOnDemand(open: () => Promise<OpenLook>): LookOnDemand {
  let opening: Promise<OpenLook> | undefined;
  const openOne = () => {
    const mine = open();
    mine.catch(() => {
      if (opening === mine) opening = undefined;
    });
    return mine;
  };
  return {
    open() {
      opening ??= openOne();
      return opening;
    },
    async close(only) {
      const closing = opening;
      if (only !== undefined && (await closing) !== only) return;
      if (closing === undefined || opening !== closing) return;
      opening = undefined;
      await closing.then(
        (look) => look.close(),
        () => undefined,
      );
    },
  };
}

async function openLook(
  { engine, folder, failed, reached }: LookDeps,
  image: LookedAt,
  open: Set<string>,
): Promise<OpenLook> {
  const name = `${NAME}${randomBytes(8).toString('hex')}`;
  // At a place that no image has: what it has at the places that are looked at must show.
  const mark = `/.${name}`;
  open.add(name);
  try {
    const id = await engine.createToLookAt({ ...image, name, binds: [`${folder}:${mark}:ro`] });
    reached?.('image-opened');
    return {
      id,
      mark,
      async close() {
        // What cannot be removed because the engine is away is removed when that is back.
        await engine.removeContainer(id).catch((error: unknown) => isAway(error) || failed(error));
        open.delete(name);
      },
    };
  } catch (error) {
    open.delete(name);
    throw error;
  }
}
