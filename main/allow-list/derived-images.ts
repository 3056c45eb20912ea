import type { AllowListEntry } from '../../shared/ipc/allow-list.ts';
import type { ListedLocalImage, LocalImages } from './local-images.ts';

/** Images that are looked at; each costs the engine one question, once. */
const MOST_IMAGES = 500;
const AT_ONCE = 8;

/** Layers by image ID, which is a digest over them: they never change. */
export type LayersSeen = Map<string, readonly string[]>;

/** For each image that may be a parent, by its ID: the other local images whose layers begin with all of its own. */
export async function derivedImages(
  parents: ReadonlySet<string>,
  images: readonly ListedLocalImage[],
  local: LocalImages,
  seen: LayersSeen,
): Promise<ReadonlyMap<string, AllowListEntry['derived']>> {
  const looked = images.slice(0, MOST_IMAGES);
  await learnLayers(looked, local, seen);
  const found = new Map<string, AllowListEntry['derived']>();
  for (const parent of parents) {
    const base = seen.get(parent) ?? [];
    if (base.length === 0) continue;
    const built = looked.filter(({ id }) => !parents.has(id) && startsWith(seen.get(id) ?? [], base));
    found.set(
      parent,
      built.map(({ id, tags }) => ({ imageId: id, names: [...tags] })),
    );
  }
  return found;
}

async function learnLayers(images: readonly ListedLocalImage[], local: LocalImages, seen: LayersSeen): Promise<void> {
  const present = new Set(images.map(({ id }) => id));
  for (const id of [...seen.keys()]) if (!present.has(id)) seen.delete(id);
  const left = images.filter(({ id }) => !seen.has(id)).values();
  const work = async () => {
    for (const { id } of left) {
      const layers = await local.layers(id);
      if (layers !== undefined) seen.set(id, layers);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function startsWith(layers: readonly string[], base: readonly string[]): boolean {
  return layers.length > base.length && base.every((layer, at) => layers[at] === layer);
}
