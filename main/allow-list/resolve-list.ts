import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { AllowList, AllowListEntry } from '../../shared/ipc/allow-list.ts';
import { paths } from '../../shared/policy/builtin-values.ts';
import type { Policy, PolicyState } from '../../shared/policy/policy.ts';
import { derivedImages, type LayersSeen } from './derived-images.ts';
import { imagesByEntry } from './entry-images.ts';
import type { ListedLocalImage, LocalImages } from './local-images.ts';
import { type Registries, resolveEntry } from './resolve-entry.ts';

export interface ResolveListDeps {
  readonly policy: () => PolicyState;
  readonly images: LocalImages;
  readonly registries: Registries;
  readonly holders: () => readonly SocketHolder[];
  /** Names of containers by ID. */
  readonly containerNames: () => Promise<ReadonlyMap<string, string>>;
}

/** The image list as it is now: each entry with what it comes to. Asks the engine only, never a registry. */
export function listResolver(deps: ResolveListDeps): () => Promise<AllowList> {
  const seen: LayersSeen = new Map();
  return async () => {
    const state = deps.policy();
    const { generation } = state;
    const bad = unreadableEntries(state);
    if (state.kind === 'closed') return { generation, allowDerivedImages: false, entries: bad };
    const { policy } = state;
    const allowDerivedImages = policy.values[paths.allowDerivedImages];
    try {
      const [images, names] = await Promise.all([deps.images.list(), deps.containerNames()]);
      const entries = await resolveAll(deps, policy, images, names, allowDerivedImages ? seen : undefined);
      return { generation, allowDerivedImages, entries: [...bad, ...entries] };
    } catch (error) {
      const entries = await resolveAll(deps, policy, [], new Map(), undefined);
      return { generation, allowDerivedImages, entries: [...bad, ...entries], problem: words(error) };
    }
  };
}

async function resolveAll(
  deps: ResolveListDeps,
  { imageList, values }: Policy,
  images: readonly ListedLocalImage[],
  names: ReadonlyMap<string, string>,
  seen: LayersSeen | undefined,
): Promise<readonly AllowListEntry[]> {
  const byEntry = imagesByEntry(imageList, images);
  const parents = new Set([...byEntry.values()].flat().map(({ image }) => image.id));
  const derived = seen === undefined ? new Map() : await derivedImages(parents, images, deps.images, seen);
  const holders = deps.holders();
  const holdersOf = (entry: string) =>
    holders
      .filter((holder) => holder.entry === entry)
      .map(({ key, containerId }) => ({ key, containerId, name: names.get(containerId) ?? '' }));
  const listed = imageList.entries.map((entry) => {
    const own = entry.kind === 'everything' ? [] : (byEntry.get(entry) ?? []);
    const { text, normalised } = entry;
    return {
      entry: text,
      normalised,
      ...resolveEntry(entry, own, deps.registries),
      derived: own.flatMap(({ image }) => derived.get(image.id) ?? []),
      holders: holdersOf(text),
    };
  });
  const byId = values['lockkeeper.localImages'].map((id) => imageIdEntry(id, images, holdersOf(id)));
  return [...listed, ...byId];
}

/** An image ID of `lockkeeper.localImages`: the ID says it all, and no registry is asked. */
function imageIdEntry(
  id: string,
  images: readonly ListedLocalImage[],
  holders: AllowListEntry['holders'],
): AllowListEntry {
  const image = images.find((one) => one.id === id);
  const shown = image && {
    ...(image.tags[0] !== undefined && { name: image.tags[0] }),
    imageId: id,
    createdAt: image.createdAt,
    isConfirmed: true,
  };
  return {
    entry: id,
    normalised: id,
    kind: 'image-id',
    state: image === undefined ? 'not-local' : 'match',
    images: shown === undefined ? [] : [shown],
    derived: [],
    holders,
    refreshable: [],
  };
}

/** Entries that keep a settings file from being used: they are shown where people look for them. */
function unreadableEntries({ problems }: PolicyState): AllowListEntry[] {
  return problems
    .filter(({ path }) => path?.startsWith(`${paths.images}[`))
    .map(({ path = '', text }) => ({
      entry: path.slice(path.lastIndexOf('[')),
      normalised: '',
      kind: 'unreadable',
      state: 'bad-reference',
      detail: text,
      images: [],
      derived: [],
      holders: [],
      refreshable: [],
    }));
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
