import type { HolderFact, SourceFact } from '../../shared/decision/facts.ts';
import type { RawHolder } from '../../shared/ipc/containers.ts';
import type { EngineClient, EngineContainer, ListedContainer } from '../engine/engine-client.ts';

export interface RawHoldersDeps {
  readonly engine: Pick<EngineClient, 'containers' | 'container'>;
  /** What a container holds of the engine. Never rejects. */
  readonly inspect: (container: EngineContainer) => Promise<HolderFact>;
  /** Mounted into our own containers that are only looked at. */
  readonly looksFolder: string;
  /** What lies in it is a filtered socket, also where its record was lost: others tell of that. */
  readonly socketsFolder: string;
}

/** All containers of the engine, and those of them that command it past us. */
export interface Look {
  readonly listed: ReadonlyMap<string, ListedContainer>;
  readonly raw: readonly RawHolder[];
}

export interface RawHolders {
  /** Asks the engine; rejects with an EngineError. */
  look(): Promise<Look>;
  /** A container may hold something else now: what lies at its sources is resolved anew at each start. */
  forget(containerId: string): void;
}

/** Questions to the engine at once. */
const AT_ONCE = 8;

/** Finds the containers that were created before us or around us, each looked at once as long as it is not started again. */
export function rawHolders(deps: RawHoldersDeps): RawHolders {
  const known = new Map<string, RawHolder | undefined>();
  /** Forgotten since the look at them began. */
  const forgotten = new Set<string>();
  return {
    async look() {
      const all = await deps.engine.containers();
      const listed = new Map(all.map((container) => [container.id, container]));
      for (const id of [...known.keys()]) if (!listed.has(id)) known.delete(id);
      const mounting = all.filter(
        ({ sources }) => !sources.includes(deps.looksFolder) && sources.some((source) => !isDelivered(deps, source)),
      );
      const found = new Map<string, RawHolder>();
      const left = mounting.values();
      const work = async () => {
        for (const { id, name, state } of left) {
          const holder = known.has(id) ? known.get(id) : await inspected(deps, id);
          // What could not be found out may be found out next time.
          if (holder?.doubt === undefined && !forgotten.has(id)) known.set(id, holder);
          // Names and states change while what is mounted does not.
          if (holder !== undefined) found.set(id, { ...holder, name, isRunning: state === 'running' });
        }
      };
      forgotten.clear();
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return { listed, raw: mounting.flatMap(({ id }) => found.get(id) ?? []) };
    },
    forget(containerId) {
      known.delete(containerId);
      forgotten.add(containerId);
    },
  };
}

function isDelivered({ socketsFolder }: RawHoldersDeps, source: string): boolean {
  return source.startsWith(`${socketsFolder}/`);
}

async function inspected({ engine, inspect }: RawHoldersDeps, id: string): Promise<RawHolder | undefined> {
  const container = await engine.container(id);
  if (container === undefined) return undefined;
  const fact = await inspect(container);
  const { name, image } = container;
  const holder = { containerId: id, name, image, isRunning: container.startedAt !== undefined };
  if (fact.kind === 'unverifiable') return { ...holder, source: '', doubt: fact.why };
  // The filtered socket of another is filtered all the same.
  if (fact.kind !== 'raw' || fact.isFiltered === true) return undefined;
  const leadsTo = thingBehind(fact.fact);
  return { ...holder, source: fact.source, ...(leadsTo !== undefined && { leadsTo }) };
}

function thingBehind(fact: SourceFact): string | undefined {
  switch (fact.kind) {
    case 'exposes':
      return fact.socket;
    case 'protected':
      return fact.what;
    case 'holds-state':
      return fact.onlySettings === true ? "Lockkeeper's settings" : "Lockkeeper's state folder";
    default:
      return undefined;
  }
}
