import { isDeepStrictEqual } from 'node:util';
import type { HolderStanding } from '../../shared/decision/facts.ts';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { Containers, FilteredHolder, RawHolder } from '../../shared/ipc/containers.ts';
import type { RequestCounts } from '../../shared/ipc/status.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { ContainerSockets } from '../exceptions/container-sockets.ts';
import { type Look, type RawHolders, type RawHoldersDeps, rawHolders } from './raw-holders.ts';
import { rawHolderAlarm } from './raw-words.ts';

export interface HoldersDeps extends RawHoldersDeps {
  readonly sockets: Pick<ContainerSockets, 'holders' | 'cutOffs' | 'needsRestart' | 'since'>;
  /** What became of a container's requests in this run. */
  readonly countsOf: (containerId: string) => RequestCounts;
  /** Whether the policy lets a container go on to use its socket. */
  readonly standing: (holder: SocketHolder) => HolderStanding | Promise<HolderStanding>;
  readonly record: (event: EventBody) => void;
}

/** Who holds a socket: through us, by our records, and past us, by what the engine says of every container. */
export interface Holders {
  view(): Containers;
  raw(): readonly RawHolder[];
  /** Looks now; resolves when it has, or when the engine could not be asked. */
  look(): Promise<void>;
  /** Something that holders go by is not as it was, of that container or of any: it is looked soon. */
  changed(containerId?: string): void;
  /** Told after each look, which for that also finds out what the policy says. Returns what ends the listening. */
  watch(listener: () => void): () => void;
  /** Told when other containers than before command the engine past us. */
  onRaw(listener: () => void): () => void;
  stop(): void;
}

/** Changes of so many milliseconds are looked at together. */
const PACE_MS = 1_000;

const nothingSeen: Look = { listed: new Map(), raw: [] };

export function openHolders(deps: HoldersDeps): Holders {
  const engineSide: RawHolders = rawHolders(deps);
  const watchers = new Set<() => void>();
  const rawListeners = new Set<() => void>();
  const announced = new Set<string>();
  let seen = nothingSeen;
  let lookedAt: string | undefined;
  let problem: string | undefined;
  /** Why the policy refuses holders, by their keys. */
  let refused: ReadonlyMap<string, string> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isStopped = false;

  const lookOnce = async () => {
    try {
      const before = seen.raw;
      seen = await engineSide.look();
      lookedAt = new Date().toISOString();
      problem = undefined;
      announce(deps, seen.raw, announced);
      if (!isDeepStrictEqual(before, seen.raw)) for (const listener of rawListeners) listener();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (watchers.size > 0) refused = await refusedHolders(deps);
    for (const watcher of watchers) watcher();
  };
  const look = (): Promise<void> => {
    // One after the other: what is asked for now must not be answered by a look that began before.
    const next = (looking ?? Promise.resolve()).then(() => (isStopped ? undefined : lookOnce()));
    looking = next;
    return next;
  };
  const changed = (containerId?: string) => {
    if (containerId !== undefined) engineSide.forget(containerId);
    if (isStopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void look();
    }, PACE_MS);
    timer.unref();
  };

  return {
    view: () => ({
      filtered: deps.sockets.holders().map((holder) => filteredHolder(deps, holder, seen, refused.get(holder.key))),
      raw: [...seen.raw],
      ...(lookedAt !== undefined && { lookedAt }),
      ...(problem !== undefined && { problem }),
    }),
    raw: () => seen.raw,
    look,
    changed,
    watch(listener) {
      watchers.add(listener);
      changed();
      return () => watchers.delete(listener);
    },
    onRaw(listener) {
      rawListeners.add(listener);
      return () => rawListeners.delete(listener);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Tells the journal of those that it has not been told of. */
function announce({ record }: HoldersDeps, raw: readonly RawHolder[], announced: Set<string>): void {
  const certain = raw.filter(({ doubt }) => doubt === undefined);
  const ids = new Set(certain.map(({ containerId }) => containerId));
  const fresh = certain.filter(({ containerId }) => !announced.has(containerId));
  for (const id of [...announced]) if (!ids.has(id)) announced.delete(id);
  for (const id of ids) announced.add(id);
  if (fresh.length > 0) record({ type: 'lifecycle', what: 'alarm', detail: rawHolderAlarm(fresh) });
}

async function refusedHolders({ sockets, standing }: HoldersDeps): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    sockets.holders().map(async (holder) => [holder.key, await refusalOf(standing, holder)] as const),
  );
  return new Map(found.flatMap(([key, why]) => (why === undefined ? [] : [[key, why] as const])));
}

/** Where it cannot be found out now, the next look may. */
async function refusalOf(standing: HoldersDeps['standing'], holder: SocketHolder): Promise<string | undefined> {
  try {
    const found = await standing(holder);
    return found.kind === 'refused' ? `${found.refusal.cause}: ${found.refusal.addition}` : undefined;
  } catch {
    return undefined;
  }
}

const SHORT_ID = 12;

function filteredHolder(
  { sockets, countsOf }: HoldersDeps,
  holder: SocketHolder,
  { listed }: Look,
  refusedBecause: string | undefined,
): FilteredHolder {
  const { key, containerId, image, entry, derivedFrom, targets } = holder;
  const { passed, refused, granted } = countsOf(containerId);
  const [since, cutOffSince] = [sockets.since(key), sockets.cutOffs.since(key)];
  const container = listed.get(containerId);
  return {
    key,
    containerId,
    name: container?.name ?? containerId.slice(0, SHORT_ID),
    image,
    entry,
    ...(derivedFrom !== undefined && { derivedFrom }),
    targets: [...targets],
    ...(since !== undefined && { since }),
    isRunning: container?.state === 'running',
    requests: passed + refused + granted,
    refused,
    ...(cutOffSince !== undefined && { cutOffSince }),
    ...(refusedBecause !== undefined && { refusedBecause }),
    needsRestart: sockets.needsRestart(holder),
  };
}
