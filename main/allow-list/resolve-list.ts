import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { AllowList, AllowListEntry } from '../../shared/ipc/allow-list.ts';
import { paths } from '../../shared/policy/builtin-values.ts';
import type { Policy, PolicyState } from '../../shared/policy/policy.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { ListedImage } from '../engine/image-client.ts';
import { derivedImages, type LayersSeen } from './derived-images.ts';
import { type EntryImage, imagesByEntry } from './entry-images.ts';
import type { Registries } from './judge-image.ts';
import { resolveEntry } from './resolve-entry.ts';

export interface ResolveListDeps {
  readonly policy: () => PolicyState;
  readonly engine: Pick<EngineClient, 'images' | 'image' | 'containers'>;
  readonly registries: Registries;
  readonly holders: () => readonly SocketHolder[];
}

/** What was found on this machine, or why it could not be looked at. */
type Machine =
  | { readonly kind: 'seen'; readonly images: readonly ListedImage[]; readonly names: ReadonlyMap<string, string> }
  | { readonly kind: 'unseen'; readonly why: string };

/** The image list as it is now: each entry with what it comes to. Asks the engine only, never a registry. */
export function listResolver(deps: ResolveListDeps): () => Promise<AllowList> {
  const seen: LayersSeen = new Map();
  return async () => {
    const state = deps.policy();
    const { generation } = state;
    const bad = unreadableEntries(state);
    if (state.kind === 'closed') return { generation, closed: true, allowDerivedImages: false, entries: bad };
    const { policy } = state;
    const machine = await lookAround(deps, policy);
    const { file } = policy.origins[paths.images];
    const entries = await resolveAll(deps, policy, machine, seen);
    return {
      generation,
      closed: false,
      allowDerivedImages: policy.values[paths.allowDerivedImages],
      ...(file !== undefined && { file }),
      entries: [...bad, ...entries],
      ...(machine.kind === 'unseen' && { problem: machine.why }),
    };
  };
}

async function lookAround({ engine }: ResolveListDeps, { imageList }: Policy): Promise<Machine> {
  try {
    const withManifests = imageList.entries.some(({ kind }) => kind === 'pinned');
    const [images, containers] = await Promise.all([engine.images({ withManifests }), engine.containers()]);
    return { kind: 'seen', images, names: new Map(containers.map(({ id, name }) => [id, name])) };
  } catch (error) {
    return { kind: 'unseen', why: error instanceof Error ? error.message : String(error) };
  }
}

async function resolveAll(
  deps: ResolveListDeps,
  { imageList, values }: Policy,
  machine: Machine,
  seen: LayersSeen,
): Promise<readonly AllowListEntry[]> {
  const images = machine.kind === 'seen' ? machine.images : [];
  const byEntry = imagesByEntry(imageList, images);
  const derived = await derivedBy(
    deps,
    values[paths.allowDerivedImages] ? [...byEntry.values()].flat() : [],
    images,
    seen,
  );
  const holders = holdersBy(deps.holders(), machine);
  const listed = imageList.entries.map((entry): AllowListEntry => {
    const own = entry.kind === 'everything' ? [] : (byEntry.get(entry) ?? []);
    const { text, normalised } = entry;
    return seenOrNot(machine, {
      entry: text,
      normalised,
      ...resolveEntry(entry, own, deps.registries, values),
      derived: [...new Set(own.map(({ image }) => image.id))].flatMap((id) => derived.get(id) ?? []),
      holders: holders.get(text) ?? [],
    });
  });
  const byId = values['lockkeeper.localImages'].map((id) =>
    seenOrNot(machine, imageIdEntry(id, images, holders.get(`lockkeeper.localImages ${id}`) ?? [])),
  );
  return [...listed, ...byId];
}

async function derivedBy(
  { engine }: ResolveListDeps,
  parents: readonly EntryImage[],
  images: readonly ListedImage[],
  seen: LayersSeen,
): Promise<ReadonlyMap<string, AllowListEntry['derived']>> {
  const ids = new Set(parents.map(({ image }) => image.id));
  try {
    return await derivedImages(ids, images, { seen, layers: async (id) => (await engine.image(id))?.layers });
  } catch {
    // The engine went away in the middle, which the next look tells.
    return new Map();
  }
}

/** By the entry as the record of the socket has it. */
function holdersBy(holders: readonly SocketHolder[], machine: Machine): ReadonlyMap<string, AllowListEntry['holders']> {
  const by = new Map<string, AllowListEntry['holders']>();
  for (const { key, containerId, entry } of holders) {
    const name = machine.kind === 'seen' ? (machine.names.get(containerId) ?? '') : '';
    by.set(entry, [...(by.get(entry) ?? []), { key, containerId, name }]);
  }
  return by;
}

/** Without the engine nothing is known of local images, which is not the same as that there are none. */
function seenOrNot(machine: Machine, entry: AllowListEntry): AllowListEntry {
  const needsMachine = entry.state !== 'everything' && entry.state !== 'absent';
  return machine.kind === 'unseen' && needsMachine ? { ...entry, state: 'unknown', refreshable: [] } : entry;
}

/** An image ID of `lockkeeper.localImages`: the ID says it all, and no registry is asked. */
function imageIdEntry(id: string, images: readonly ListedImage[], holders: AllowListEntry['holders']): AllowListEntry {
  const image = images.find((one) => one.id === id);
  const name = image?.tags[0];
  return {
    entry: id,
    normalised: id,
    kind: 'image-id',
    state: image === undefined ? 'not-local' : 'match',
    images:
      image === undefined
        ? []
        : [{ ...(name !== undefined && { name }), imageId: id, createdAt: image.createdAt, state: 'confirmed' }],
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
      // The remark has the entry in quotes, as describeProblem puts it there.
      entry: /"(.*?)" /.exec(text)?.[1] ?? path.slice(path.lastIndexOf('[')),
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
