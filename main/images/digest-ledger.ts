import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClocks } from '../clocks/clocks.ts';
import { isOtherEngine } from '../engine/engine-identity.ts';
import type { Trust } from '../settings/trust.ts';
import { readTrusted } from '../settings/trusted-read.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { savedFile } from './saved-file.ts';

/** What a registry had under a tag. Times are milliseconds since 1970, but those of the steady clock (see Clocks). */
export interface TagDigest {
  readonly digest: string;
  /** When it said so last. */
  readonly confirmedAt: number;
  /** The same by the steady clock, or when it was read from the file. */
  readonly steadyAt: number;
  /** When it said so first. */
  readonly since: number;
  /** What it had there before, the newest first. */
  readonly previous: readonly PreviousDigest[];
}

export interface PreviousDigest {
  readonly digest: string;
  /** When the registry was first found to have another one. */
  readonly movedAt: number;
  /** The same by the steady clock, or when it was read from the file. */
  readonly steadyAt: number;
}

/** What registries have confirmed, kept across restarts. Names are canonical: `docker.io/library/docker`. */
export interface DigestLedger {
  tag(reference: string): TagDigest | undefined;
  setTag(reference: string, digest: string, confirmedAt: number): void;
  /** The registry has said that there is no such tag (any more). */
  dropTag(reference: string): void;
  /** Whether the registry once had this digest in the repository: content does not change, so that holds for good. */
  holds(repository: string, digest: string): boolean;
  addHeld(repository: string, digest: string): void;
  /** Names of listed images that were seen here with just the first of these layers (diff IDs, base first). */
  seenBelow(layers: readonly string[]): readonly string[];
  /** Remembers a listed image by its layers, to recognise what was built on it when it is gone. */
  remember(reference: string, layers: readonly string[]): void;
  /** Resolves when everything so far is on disk, or could not be written. */
  flush(): Promise<void>;
}

export interface LedgerOptions {
  readonly stateFolder: string;
  readonly trust: Trust;
  /** What is wrong with the file, in a sentence. */
  readonly onProblem: (problem: string) => void;
  readonly reached?: Reached;
  /**
   * The ID of the engine that asks registries. What another one was told does not count: it may have other mirrors, and
   * other registries that it trusts without TLS.
   */
  readonly engine?: () => string | undefined;
  /** See Clocks; the system's, unless a test has its own. */
  readonly steady?: () => number;
}

const FILE = 'digests.json';

/** Together they stay well under the 1 MiB that is read back; the oldest go first. */
const MOST_TAGS = 400;
const MOST_HELD = 1500;
const MOST_SEEN = 200;
/** A tag that moves every night is let in for four nights at most, whatever the grace. */
const MOST_PREVIOUS = 4;

const digest = z.string().regex(/^[a-z0-9]+:[0-9a-f]{32,128}$/);
const name = z.string().max(600);
/** Through which engine it was asked; absent in what an earlier version has written. */
const engine = z.string().max(100).optional();
/** In the file as RFC 3339 has it, for people; milliseconds since 1970 here. */
const time = z.iso.datetime();
const contents = z.strictObject({
  version: z.literal(1),
  tags: z.array(
    z.strictObject({
      name,
      digest,
      confirmedAt: time,
      engine,
      // These came later: what an earlier version has written is as good without them.
      since: time.optional(),
      previous: z
        .array(z.strictObject({ digest, movedAt: time }))
        .max(MOST_PREVIOUS)
        .default([]),
    }),
  ),
  /** Digests by repository, without a time: they hold for good. */
  held: z.array(z.strictObject({ repository: name, digest, engine })),
  seen: z.array(z.strictObject({ name, layers: z.int().min(1), fingerprint: z.string() })),
});
type Contents = z.infer<typeof contents>;

const EMPTY: Contents = { version: 1, tags: [], held: [], seen: [] };

/** Opens the ledger of a state folder. A file that cannot be used is told about and counts as empty: stricter. */
export async function openLedger(options: LedgerOptions): Promise<DigestLedger> {
  const path = join(options.stateFolder, FILE);
  const stored = await load(path, options);
  const { steady = systemClocks.steady } = options;
  const tags = new Map(stored.tags.map((tag) => [tag.name, inMilliseconds(tag, steady())]));
  const held = new Map(stored.held.map((one) => [`${one.repository}@${one.digest}`, one]));
  const seen = new Map(stored.seen.map((one) => [one.name, one]));
  // An engine that does not tell its ID (podman's service) is taken for the one that it was.
  const engineNow = () => options.engine?.() ?? '';
  const isOthers = ({ engine }: { readonly engine?: string | undefined }) =>
    engine !== undefined && isOtherEngine(engine, engineNow());
  const current = (reference: string) => {
    const known = tags.get(reference);
    return known === undefined || isOthers(known) ? undefined : known;
  };
  const text = () => `${JSON.stringify(snapshot(tags, held, seen))}\n`;
  const file = savedFile(path, text, options.onProblem, options.reached ?? goOn);
  return {
    tag: current,
    setTag(reference, value, confirmedAt) {
      const next = nextOf(current(reference), value, { confirmedAt, steadyAt: steady() });
      putLast(tags, reference, { ...next, name: reference, engine: engineNow() }, MOST_TAGS);
      file.changed();
    },
    dropTag(reference) {
      if (tags.delete(reference)) file.changed();
    },
    holds(repository, value) {
      const known = held.get(`${repository}@${value}`);
      return known !== undefined && !isOthers(known);
    },
    addHeld(repository, value) {
      putLast(held, `${repository}@${value}`, { repository, digest: value, engine: engineNow() }, MOST_HELD);
      file.changed();
    },
    seenBelow: (layers) => {
      const below = [...seen.values()].filter((one) => one.layers <= layers.length);
      const fingerprints = new Map(below.map((one) => [one.layers, fingerprintOf(layers.slice(0, one.layers))]));
      return below
        .filter((one) => fingerprints.get(one.layers) === one.fingerprint)
        .sort((one, other) => other.layers - one.layers)
        .map((one) => one.name);
    },
    remember(reference, layers) {
      const fingerprint = fingerprintOf(layers);
      if (layers.length === 0 || seen.get(reference)?.fingerprint === fingerprint) return;
      putLast(seen, reference, { name: reference, layers: layers.length, fingerprint }, MOST_SEEN);
      file.changed();
    },
    flush: file.flush,
  };
}

function fingerprintOf(layers: readonly string[]): string {
  return createHash('sha256').update(layers.join('\n')).digest('hex');
}

/** What is known of a tag once the registry has said again what it has there. */
function nextOf(
  before: TagDigest | undefined,
  value: string,
  now: Pick<TagDigest, 'confirmedAt' | 'steadyAt'>,
): TagDigest {
  const { confirmedAt, steadyAt } = now;
  if (before === undefined) return { digest: value, ...now, since: confirmedAt, previous: [] };
  if (before.digest === value) return { ...before, ...now };
  const moved = [{ digest: before.digest, movedAt: confirmedAt, steadyAt }, ...before.previous];
  const previous = moved.filter((one) => one.digest !== value).slice(0, MOST_PREVIOUS);
  return { digest: value, ...now, since: confirmedAt, previous };
}

type StoredTag = TagDigest & { readonly name: string; readonly engine?: string | undefined };

function inMilliseconds(
  { confirmedAt, since, previous, ...tag }: Contents['tags'][number],
  steadyAt: number,
): StoredTag {
  return {
    ...tag,
    confirmedAt: Date.parse(confirmedAt),
    steadyAt,
    since: Date.parse(since ?? confirmedAt),
    previous: previous.map((one) => ({ digest: one.digest, movedAt: Date.parse(one.movedAt), steadyAt })),
  };
}

function inWords({ confirmedAt, since, previous, steadyAt: _ofThisRun, ...tag }: StoredTag): Contents['tags'][number] {
  return {
    ...tag,
    confirmedAt: new Date(confirmedAt).toISOString(),
    since: new Date(since).toISOString(),
    previous: previous.map((one) => ({ digest: one.digest, movedAt: new Date(one.movedAt).toISOString() })),
  };
}

function snapshot(
  tags: ReadonlyMap<string, StoredTag>,
  held: ReadonlyMap<string, Contents['held'][number]>,
  seen: ReadonlyMap<string, Contents['seen'][number]>,
): Contents {
  return {
    version: 1,
    tags: [...tags.values()].map(inWords),
    held: [...held.values()],
    seen: [...seen.values()],
  };
}

/** Sets a value as the newest, and forgets the oldest beyond the limit. */
function putLast<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}

async function load(path: string, { trust, onProblem }: LedgerOptions): Promise<Contents> {
  const unusable = (why: string) => {
    onProblem(`${path} is not used: ${why} All digests are asked for anew.`);
    return EMPTY;
  };
  const reading = await readTrusted(path, 'user', trust);
  if (reading.kind === 'missing') return EMPTY;
  if (reading.kind === 'refused') return unusable(reading.problem);
  try {
    const parsed = contents.safeParse(JSON.parse(new TextDecoder().decode(reading.bytes)));
    return parsed.success ? parsed.data : unusable('The file does not hold what Lockkeeper writes.');
  } catch {
    return unusable('The file is not valid JSON.');
  }
}
