import type { HolderFact } from '../../shared/decision/facts.ts';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { Containers, FilteredHolder, RawHolder } from '../../shared/ipc/containers.ts';
import type { EngineContainer } from '../engine/engine-client.ts';

/** A container in the engine's list. */
export interface ListedContainer {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

export interface HoldersDeps {
  readonly holders: () => readonly SocketHolder[];
  /** What became of a container's requests in this run. */
  readonly requestsOf: (containerId: string) => {
    readonly passed: number;
    readonly refused: number;
    readonly granted: number;
  };
  /** Why a holder's socket answers nothing now, in words; undefined when it does. */
  readonly cutOffBecause: (holder: SocketHolder) => Promise<string | undefined>;
  readonly needsRestart: (holder: SocketHolder) => boolean;
  readonly since: (holder: SocketHolder) => string;
  readonly containers: () => Promise<readonly ListedContainer[]>;
  readonly container: (id: string) => Promise<EngineContainer | undefined>;
  readonly inspect: (container: EngineContainer) => Promise<HolderFact>;
}

/** Containers that are looked at for the engine's own socket; each costs the engine a question, once. */
const MOST_CONTAINERS = 1000;
const AT_ONCE = 8;

/** Who holds a socket: through us, by our records, and past us, by what the engine says of every container. */
export function holdersView(deps: HoldersDeps): () => Promise<Containers> {
  /** What a container holds does not change while it exists; what lies at its sources may, which every start looks at. */
  const known = new Map<string, RawHolder | undefined>();
  return async () => {
    try {
      const listed = (await deps.containers()).slice(0, MOST_CONTAINERS);
      const byId = new Map(listed.map((container) => [container.id, container]));
      for (const id of [...known.keys()]) if (!byId.has(id)) known.delete(id);
      await learn(deps, listed, known);
      const raw = listed.flatMap(({ id, state }) => {
        const holder = known.get(id);
        return holder === undefined ? [] : [{ ...holder, isRunning: state === 'running' }];
      });
      return { filtered: await filteredHolders(deps, byId), raw };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { filtered: await filteredHolders(deps, new Map()), raw: [], problem };
    }
  };
}

async function learn(
  deps: HoldersDeps,
  listed: readonly ListedContainer[],
  known: Map<string, RawHolder | undefined>,
): Promise<void> {
  const left = listed.filter(({ id }) => !known.has(id)).values();
  const work = async () => {
    for (const { id, name } of left) {
      const container = await deps.container(id);
      const fact = container && (await deps.inspect(container));
      if (container === undefined || fact === undefined) continue;
      const isRaw = fact.kind === 'raw';
      const holder = { containerId: id, name, image: container.image, isRunning: false };
      known.set(id, isRaw ? { ...holder, source: fact.source } : undefined);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function filteredHolders(deps: HoldersDeps, byId: ReadonlyMap<string, ListedContainer>): Promise<FilteredHolder[]> {
  return Promise.all(
    deps.holders().map(async (holder) => {
      const { key, containerId, image, entry, targets } = holder;
      const { passed, refused, granted } = deps.requestsOf(containerId);
      const cutOffBecause = await deps.cutOffBecause(holder);
      const container = byId.get(containerId);
      return {
        key,
        containerId,
        name: container?.name ?? containerId.slice(0, 12),
        image,
        entry,
        targets: [...targets],
        since: deps.since(holder),
        isRunning: container?.state === 'running',
        requests: passed + refused + granted,
        refused,
        ...(cutOffBecause !== undefined && { cutOffBecause }),
        needsRestart: deps.needsRestart(holder),
      };
    }),
  );
}
