import type { ImageList } from '../../shared/images/image-list.ts';
import type { RepositoryEntry } from '../../shared/images/image-list-entry.ts';
import { familiarName, type ImageReference, parseImageReference } from '../../shared/images/reference.ts';
import { digestsOf, type ListedLocalImage } from './local-images.ts';

/** A local image by one of its names that an entry names. */
export interface EntryImage {
  readonly image: ListedLocalImage;
  /** As people write it; absent when the image is known by its digest only. */
  readonly name: string | undefined;
  readonly repository: { readonly registry: string; readonly path: string };
  readonly tag: string | undefined;
}

/** The local images that each entry names, by its text. Looks at every name once, however long the list is. */
export function imagesByEntry(
  list: ImageList,
  images: readonly ListedLocalImage[],
): ReadonlyMap<RepositoryEntry, readonly EntryImage[]> {
  const found = new Map<RepositoryEntry, EntryImage[]>();
  const add = (entry: RepositoryEntry, one: EntryImage) => {
    const known = found.get(entry) ?? [];
    if (!known.some(({ image }) => image.id === one.image.id)) found.set(entry, [...known, one]);
  };
  for (const image of images) {
    const digests = digestsOf(image);
    for (const { reference, name } of namesOf(image)) {
      const one = { image, name, repository: reference, tag: reference.tag };
      for (const entry of list.entriesFor(reference)) {
        if (entry.kind === 'pinned' ? digests.includes(entry.digest) : fits(entry, reference)) add(entry, one);
      }
    }
  }
  return found;
}

/** A digest alone says nothing about tags. */
function fits(entry: Exclude<RepositoryEntry, { kind: 'pinned' }>, { digest }: ImageReference): boolean {
  return digest === undefined || entry.kind === 'anyTag' || (entry.kind === 'glob' && entry.tag === undefined);
}

/** Tags first, so that an image goes by a name where it has one. */
function namesOf({ tags, repoDigests }: ListedLocalImage) {
  return [...tags, ...repoDigests].flatMap((text) => {
    const parsed = parseImageReference(text);
    if (!parsed.ok) return [];
    const { reference } = parsed;
    return [{ reference, name: reference.digest === undefined ? familiarName(reference) : undefined }];
  });
}
