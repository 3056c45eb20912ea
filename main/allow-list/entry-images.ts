import type { ImageList } from '../../shared/images/image-list.ts';
import type { RepositoryEntry } from '../../shared/images/image-list-entry.ts';
import { familiarName, type ImageReference, parseImageReference } from '../../shared/images/reference.ts';
import type { ListedImage } from '../engine/image-client.ts';
import type { Repository } from '../images/registry-question.ts';

/** A local image by one of its names that an entry names. */
export interface EntryImage {
  readonly image: ListedImage;
  /** As people write it; absent when the image is known by its digest only. */
  readonly name: string | undefined;
  readonly repository: Repository;
  readonly tag: string | undefined;
}

/** The digests of an image, whatever name stands before them: they are of its content. */
export function digestsOf({ repoDigests }: Pick<ListedImage, 'repoDigests'>): readonly string[] {
  return [...new Set(repoDigests.flatMap((name) => name.split('@')[1] ?? []))];
}

/** The local images that each entry names. Looks at every name once, however long the list is. */
export function imagesByEntry(
  list: ImageList,
  images: readonly ListedImage[],
): ReadonlyMap<RepositoryEntry, readonly EntryImage[]> {
  const found = new Map<RepositoryEntry, EntryImage[]>();
  for (const image of images) {
    const digests = [...digestsOf(image), ...(image.manifests ?? [])];
    for (const { reference, name } of namesOf(image)) {
      const one = {
        image,
        name,
        repository: { registry: reference.registry, path: reference.path },
        tag: reference.tag,
      };
      for (const entry of list.entriesFor(reference)) {
        if (fits(entry, reference, digests)) add(found, entry, one);
      }
    }
  }
  return found;
}

/** Whether a name of an image is one that the entry is about. A digest alone says nothing about tags. */
function fits(entry: RepositoryEntry, { digest }: ImageReference, digests: readonly string[]): boolean {
  if (entry.kind === 'pinned') return digests.includes(entry.digest);
  return digest === undefined || entry.kind === 'anyTag' || (entry.kind === 'glob' && entry.tag === undefined);
}

/** Each tag counts, as each can be stale by itself; a digest only where the image has no tag of that repository. */
function add(found: Map<RepositoryEntry, EntryImage[]>, entry: RepositoryEntry, one: EntryImage): void {
  const known = found.get(entry) ?? [];
  const isShown = known.some(({ image, name }) => image.id === one.image.id && (one.name ?? name) === name);
  if (!isShown) found.set(entry, [...known, one]);
}

/** Tags first, so that an image goes by a name where it has one. */
function namesOf({ tags, repoDigests }: ListedImage) {
  return [...tags, ...repoDigests].flatMap((text) => {
    const parsed = parseImageReference(text);
    if (!parsed.ok) return [];
    const { reference } = parsed;
    return [{ reference, name: reference.digest === undefined ? familiarName(reference) : undefined }];
  });
}
