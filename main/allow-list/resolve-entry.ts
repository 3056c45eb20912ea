import type { ImageListEntry, RepositoryEntry } from '../../shared/images/image-list-entry.ts';
import { familiarName } from '../../shared/images/reference.ts';
import type { AllowListEntry } from '../../shared/ipc/allow-list.ts';
import type { EntryImage } from './entry-images.ts';
import { digestsOf } from './local-images.ts';

/** What is known of a tag at its registry. Times in milliseconds since 1970. */
export interface TagStanding {
  readonly digest?: string;
  readonly confirmedAt?: number;
  /** Set while questions fail: since when, and the last answer in words. */
  readonly failingSince?: number;
  readonly why?: string;
}

export interface Registries {
  standing(of: { readonly registry: string; readonly path: string }, tag: string): TagStanding;
  /** Whether the repository is known to have one of these digests. */
  holds(of: { readonly registry: string; readonly path: string }, digests: readonly string[]): boolean;
}

type Resolved = Pick<
  AllowListEntry,
  'kind' | 'state' | 'detail' | 'registryDigest' | 'confirmedAt' | 'unreachableSince' | 'images' | 'refreshable'
>;

/** One entry against what this machine and the registries have, without asking anybody anything. */
export function resolveEntry(entry: ImageListEntry, images: readonly EntryImage[], registries: Registries): Resolved {
  if (entry.kind === 'everything') return { kind: 'everything', state: 'everything', images: [], refreshable: [] };
  if (entry.kind === 'tag') return resolveTag(entry, images, registries.standing(entry, entry.tag));
  const shown = images.map((one) => ({ one, isConfirmed: isConfirmed(entry, one, registries) }));
  const refreshable = shown.flatMap(({ one: { name }, isConfirmed: fine }) => (fine ? [] : (name ?? [])));
  const state = shown.length === 0 ? 'not-local' : shown.every((one) => one.isConfirmed) ? 'match' : 'unconfirmed';
  const kinds = { anyTag: 'any-tag', pinned: 'pinned', glob: 'glob' } as const;
  return {
    kind: kinds[entry.kind],
    state,
    ...(entry.kind === 'pinned' && { registryDigest: entry.digest }),
    images: shown.map(({ one, isConfirmed: fine }) => listed(one, fine)),
    refreshable: entry.kind === 'pinned' ? [familiarName({ ...entry, tag: undefined })] : refreshable,
  };
}

function resolveTag(
  entry: RepositoryEntry & { kind: 'tag' },
  images: readonly EntryImage[],
  { digest, confirmedAt, failingSince, why }: TagStanding,
): Resolved {
  const shown = images.map((one) => listed(one, digest !== undefined && digestsOf(one.image).includes(digest)));
  return {
    kind: 'tag',
    state: tagState(shown, digest, failingSince),
    ...(why !== undefined && { detail: why }),
    ...(digest !== undefined && { registryDigest: digest }),
    ...(confirmedAt !== undefined && { confirmedAt: new Date(confirmedAt).toISOString() }),
    ...(failingSince !== undefined && { unreachableSince: new Date(failingSince).toISOString() }),
    images: shown,
    refreshable: [familiarName({ ...entry, digest: undefined })],
  };
}

function tagState(
  images: AllowListEntry['images'],
  registryDigest: string | undefined,
  failingSince: number | undefined,
): AllowListEntry['state'] {
  if (images.length === 0) return 'not-local';
  if (failingSince !== undefined) return 'unreachable';
  if (registryDigest === undefined) return 'unconfirmed';
  return images.some(({ isConfirmed: fine }) => fine) ? 'match' : 'stale';
}

function isConfirmed(
  entry: Exclude<RepositoryEntry, { kind: 'tag' }>,
  { image, repository, tag }: EntryImage,
  registries: Registries,
): boolean {
  const digests = digestsOf(image);
  if (entry.kind === 'pinned') return digests.includes(entry.digest);
  if (entry.kind === 'glob' && entry.tag !== undefined) {
    const { digest } = registries.standing(repository, tag ?? entry.tag);
    return digest !== undefined && digests.includes(digest);
  }
  return registries.holds(repository, digests);
}

function listed({ image, name, repository }: EntryImage, fine: boolean): AllowListEntry['images'][number] {
  const own = image.repoDigests.find((one) =>
    one.startsWith(`${familiarName({ ...repository, tag: undefined, digest: undefined })}@`),
  );
  const digest = (own ?? image.repoDigests[0])?.split('@')[1];
  return {
    ...(name !== undefined && { name }),
    imageId: image.id,
    ...(digest !== undefined && { digest }),
    createdAt: image.createdAt,
    isConfirmed: fine,
  };
}
