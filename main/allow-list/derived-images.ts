import { isBuiltOn } from '../../shared/images/layers.ts';
import type { AllowListEntry } from '../../shared/ipc/allow-list.ts';
import type { ListedImage } from '../engine/image-client.ts';
import { digestsOf } from './entry-images.ts';

/** Images that are looked at; each costs the engine one question, once. */
const MOST_IMAGES = 500;
const AT_ONCE = 8;

/** Layers by image ID, which is a digest over them: they never change. */
export type LayersSeen = Map<string, readonly string[]>;

export interface DerivedDeps {
  /** Diff IDs, base first; undefined when the image has gone meanwhile. */
  readonly layers: (imageId: string) => Promise<readonly string[] | undefined>;
  readonly seen: LayersSeen;
}

/** For each image that may be a parent, by its ID: the images made on this machine whose layers begin with its own. */
export async function derivedImages(
  parents: ReadonlySet<string>,
  images: readonly ListedImage[],
  { layers, seen }: DerivedDeps,
): Promise<ReadonlyMap<string, AllowListEntry['derived']>> {
  const found = new Map<string, AllowListEntry['derived']>();
  if (parents.size === 0) return found;
  const local = images.filter((image) => !parents.has(image.id) && isMadeHere(image)).slice(0, MOST_IMAGES);
  const looked = [...parents, ...local.map(({ id }) => id)];
  await learnLayers(looked, layers, seen);
  for (const parent of parents) {
    const base = seen.get(parent) ?? [];
    if (base.length === 0) continue;
    const built = local.filter(({ id }) => isBuiltOn(seen.get(id) ?? [], base));
    found.set(
      parent,
      built.map(({ id, tags }) => ({ imageId: id, names: [...tags] })),
    );
  }
  return found;
}

/**
 * In the classic store only a pull or a push gives an image a digest. With the containerd store, where the ID is a
 * digest itself, every image that has a name has one, and the enforcer asks the registry when it matters.
 */
function isMadeHere(image: ListedImage): boolean {
  const digests = digestsOf(image);
  return digests.length === 0 || digests.includes(image.id);
}

async function learnLayers(ids: readonly string[], layers: DerivedDeps['layers'], seen: LayersSeen): Promise<void> {
  const present = new Set(ids);
  for (const id of [...seen.keys()]) if (!present.has(id)) seen.delete(id);
  const left = ids.filter((id) => !seen.has(id)).values();
  const work = async () => {
    for (const id of left) {
      const found = await layers(id);
      if (found !== undefined) seen.set(id, found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
