import type { RepositoryEntry } from '../../shared/images/image-list-entry.ts';
import { parseImageReference } from '../../shared/images/reference.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import type { EngineClient, LocalImage } from '../engine/engine-client.ts';
import { repositoryOf } from './digest-resolver.ts';
import { checksFor, type EntryCheck, identify, type LocalIdentity } from './entry-proofs.ts';

/** A local image that the image list names, which proves nothing yet. */
export interface ListedImage {
  readonly image: LocalImage;
  readonly identity: LocalIdentity;
  /** The entries that its names fit; at least one. */
  readonly checks: readonly [EntryCheck, ...EntryCheck[]];
}

export interface ListedImages {
  /**
   * The same among the images that were inspected before: each is inspected again, but the engine need not list them
   * all, which takes it seconds for some hundred images of the containerd store. Who misses one has to use `find`.
   */
  findAgain(policy: Policy, isWanted: (layers: readonly string[]) => boolean): Promise<readonly ListedImage[]>;
  /** Those whose layers are wanted, for that platform. Only images that a list entry may fit are inspected. */
  find(
    policy: Policy,
    isWanted: (layers: readonly string[]) => boolean,
    platform?: string,
  ): Promise<readonly ListedImage[]>;
}

/** Inspections that are under way at the same time. */
const AT_ONCE = 8;
/** Images without a name, of which builds leave many, and pinned entries that are looked for. */
const MOST_NAMELESS = 100;
const MOST_PINNED = 100;
const MOST_REMEMBERED = 1000;

export function listedImages({
  engine,
}: {
  readonly engine: Pick<EngineClient, 'image' | 'taggedImages'>;
}): ListedImages {
  // An ID is a digest over the layers, so that an image which was not wanted once need not be inspected again. But those
  // of another platform may come to be here later.
  const layersOf = new Map<string, readonly string[]>();
  const inspect = async (name: string, policy: Policy, platform?: string): Promise<ListedImage | undefined> => {
    const image = await engine.image(name, platform);
    if (image === undefined) return undefined;
    if (platform === undefined && image.layers.length > 0) remember(layersOf, image);
    const identity = identify(image);
    const [first, ...others] = checksFor(identity.names, policy);
    return first === undefined ? undefined : { image, identity, checks: [first, ...others] };
  };
  const inspectAll = async (names: readonly string[], policy: Policy, platform?: string) => {
    const found = await eachOf(names, (name) => inspect(name, policy, platform));
    const byId = new Map(found.flatMap((one) => (one === undefined ? [] : [[one.image.id, one] as const])));
    return [...byId.values()];
  };
  return {
    async findAgain(policy, isWanted) {
      const ids = [...layersOf].filter(([, layers]) => isWanted(layers)).map(([id]) => id);
      return inspectAll(ids, policy);
    },
    async find(policy, isWanted, platform) {
      const named = await candidates(engine, policy);
      const isKnownElsewhere = (name: string) => layersOf.has(name) && !isWanted(layersOf.get(name) ?? []);
      const wanted = platform === undefined ? named.filter((name) => !isKnownElsewhere(name)) : named;
      return (await inspectAll(wanted, policy, platform)).filter(({ image }) => isWanted(image.layers));
    },
  };
}

/** IDs and names of the images that an entry may fit. */
async function candidates(engine: Pick<EngineClient, 'taggedImages'>, policy: Policy): Promise<readonly string[]> {
  const images = (await engine.taggedImages()).map(({ id, tags }) => ({
    id,
    tags: tags.filter((tag) => tag !== '<none>:<none>'),
  }));
  const { entries } = policy.imageList;
  const listed = images.filter(({ tags }) => tags.some((tag) => isListed(tag, policy)));
  // Where any image of a repository will do, the one whose tag has moved on is as good a parent as before.
  const nameless = entries.some(admitsAnyDigest) ? images.filter(({ tags }) => tags.length === 0) : [];
  const pinned = entries.flatMap((entry) =>
    entry.kind === 'pinned' ? [`${repositoryOf(entry)}@${entry.digest}`] : [],
  );
  const ids = [...listed, ...nameless.slice(0, MOST_NAMELESS)].map(({ id }) => id);
  return [...new Set([...ids, ...pinned.slice(0, MOST_PINNED)])];
}

function isListed(tag: string, policy: Policy): boolean {
  const parsed = parseImageReference(tag);
  return parsed.ok && policy.imageList.entriesFor(parsed.reference).length > 0;
}

function admitsAnyDigest(entry: Policy['imageList']['entries'][number]): entry is RepositoryEntry {
  return entry.kind === 'anyTag' || (entry.kind === 'glob' && entry.tag === undefined);
}

function remember(layersOf: Map<string, readonly string[]>, { id, layers }: LocalImage): void {
  layersOf.delete(id);
  layersOf.set(id, layers);
  const [oldest] = layersOf.keys();
  if (layersOf.size > MOST_REMEMBERED && oldest !== undefined) layersOf.delete(oldest);
}

async function eachOf<Item, Result>(items: readonly Item[], task: (item: Item) => Promise<Result>): Promise<Result[]> {
  const left = items.values();
  const results: Result[] = [];
  const worker = async () => {
    for (const item of left) results.push(await task(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
