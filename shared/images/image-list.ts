import type { EverythingEntry, GlobEntry, ImageListEntry, RepositoryEntry } from './image-list-entry.ts';
import { compilePathGlob, matchesPathGlob, type PathGlob } from './path-glob.ts';
import { type ImageReference, repositoryName, withDefaultTag } from './reference.ts';

/** The compiled image list. Entries are only candidates: whether an image may have a socket its digest decides. */
export interface ImageList {
  /** The first entry `*`, where there is one. */
  readonly everything: EverythingEntry | undefined;
  /** All entries as listed, `*` among them. */
  readonly entries: readonly ImageListEntry[];
  /** An empty list admits no image. */
  readonly isEmpty: boolean;
  /**
   * The entries but `*` that name this image, in the list's order. Without tag and digest the tag is `latest`. A
   * digest decides by itself which image is meant, so with one every entry of the repository is a candidate,
   * whatever its tag and whatever tag was written beside the digest. So is every pinned entry of the repository:
   * the caller compares the digests. Repeated entries are returned as often as they are listed.
   */
  entriesFor(reference: ImageReference): readonly RepositoryEntry[];
  /** The entries but `*` of any tag and digest for this repository (normalised names), in the list's order. */
  entriesForRepository(registry: string, path: string): readonly RepositoryEntry[];
}

/** An entry with its place in the list. */
type Placed<Entry = RepositoryEntry> = readonly [place: number, entry: Entry];

interface PlacedGlob {
  readonly place: number;
  readonly entry: GlobEntry;
  readonly glob: PathGlob;
}

interface Index {
  /** By `registry/path`: all plain entries of the repository. */
  readonly byRepository: Map<string, Placed[]>;
  /** By `registry/path`: those that fit whatever the tag. */
  readonly untagged: Map<string, Placed[]>;
  /** By `registry/path:tag`. */
  readonly byTag: Map<string, Placed[]>;
  /** By registry. */
  readonly globs: Map<string, PlacedGlob[]>;
}

/**
 * Prepares a list for look-ups. The time of a look-up grows with the number of globs for the same registry and with
 * the size of the answer, not with the number of other entries.
 */
export function compileImageList(entries: readonly ImageListEntry[]): ImageList {
  const index = indexEntries(entries);
  const entriesForRepository = (registry: string, path: string): readonly RepositoryEntry[] =>
    inOrder(index.byRepository.get(repositoryName({ registry, path })) ?? [], fittingGlobs(index, registry, path));
  return {
    everything: entries.find((entry) => entry.kind === 'everything'),
    entries,
    isEmpty: entries.length === 0,
    entriesForRepository,
    entriesFor: (reference) => {
      const { registry, path, tag } = withDefaultTag(reference);
      if (reference.digest !== undefined || tag === undefined) return entriesForRepository(registry, path);
      const name = repositoryName(reference);
      const globs = fittingGlobs(index, registry, path).filter(([, { tag: only }]) => (only ?? tag) === tag);
      return inOrder(index.untagged.get(name) ?? [], index.byTag.get(`${name}:${tag}`) ?? [], globs);
    },
  };
}

function indexEntries(entries: readonly ImageListEntry[]): Index {
  const index: Index = { byRepository: new Map(), untagged: new Map(), byTag: new Map(), globs: new Map() };
  for (const [place, entry] of entries.entries()) {
    if (entry.kind === 'everything') continue;
    if (entry.kind === 'glob') {
      append(index.globs, entry.registry, { place, entry, glob: compilePathGlob(entry.pattern) });
      continue;
    }
    const name = repositoryName(entry);
    append(index.byRepository, name, [place, entry]);
    if (entry.kind === 'tag') append(index.byTag, `${name}:${entry.tag}`, [place, entry]);
    else append(index.untagged, name, [place, entry]);
  }
  return index;
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const present = map.get(key);
  if (present === undefined) map.set(key, [value]);
  else present.push(value);
}

function fittingGlobs(index: Index, registry: string, path: string): readonly Placed<GlobEntry>[] {
  const candidates = index.globs.get(registry) ?? [];
  return candidates.filter(({ glob }) => matchesPathGlob(glob, path)).map(({ place, entry }) => [place, entry]);
}

function inOrder(...groups: readonly (readonly Placed[])[]): readonly RepositoryEntry[] {
  return groups
    .flat()
    .sort(([a], [b]) => a - b)
    .map(([, entry]) => entry);
}
