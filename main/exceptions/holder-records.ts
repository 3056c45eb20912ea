import { unlinkSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import { HALF_WRITTEN, writeAtomically } from '../state/write-atomically.ts';
import { goOn, type Reached } from '../steps/step.ts';

const recordSchema = z.strictObject({
  version: z.literal(1),
  /** ID of the engine that has the container; absent where it was not known. */
  engine: z.string().exactOptional(),
  key: z.string().regex(/^[0-9a-f]{16}$/),
  containerId: z.string(),
  image: z.string(),
  imageId: z.string(),
  platform: z.string().exactOptional(),
  entry: z.string(),
  derivedFrom: z.string().exactOptional(),
  targets: z.array(z.string()),
  way: z.enum(['link', 'folder', 'file']).exactOptional(),
  /** RFC 3339: when the socket was delivered; absent in records of versions that did not note it. */
  since: z.string().exactOptional(),
});

/** A container that holds a filtered socket. */
export interface HolderRecord {
  readonly holder: SocketHolder;
  /** The ID of its engine, where that was known. */
  readonly engine?: string;
  /** RFC 3339: when the socket was delivered. */
  readonly since?: string;
}

export interface StoredRecords {
  readonly records: readonly HolderRecord[];
  /** Records that cannot be used, kept under these paths: their containers have no socket until they are created again. */
  readonly keptAside: readonly string[];
  /** Keys of the folders of those. */
  readonly unreadable: readonly string[];
  /** Keys whose create was under way when Lockkeeper ended, with the time of its begin (milliseconds since 1970). */
  readonly undelivered: ReadonlyMap<string, number>;
  /** Keys of the containers that were cut off by hand, with the time of that (RFC 3339). */
  readonly cutOff: ReadonlyMap<string, string>;
}

/** What is known on disk of each container that holds a filtered socket; one small file each, written before it may start. */
export interface HolderRecords {
  load(): Promise<StoredRecords>;
  /** Where the sockets were wanted whose containers are gone, the oldest first. */
  loadFormer(): Promise<readonly SocketHolder[]>;
  /** Notes that a create with this key is about to be sent, so that what a crash leaves of it is known to be nobody's. */
  reserve(key: string): Promise<void>;
  save(record: HolderRecord): Promise<void>;
  /** Keys of the records, and of the marks of those that are cut off, that are not in the folder (any more). */
  missing(keys: readonly string[], cutOff: readonly string[]): Promise<readonly string[]>;
  /** The client is about to be told; at once, since between this and its answer nothing must come. */
  delivered(key: string): void;
  /** The container is gone. Its record is kept for a while: tools that re-create it send its folder back. */
  retire(key: string): Promise<void>;
  /** Notes that a container is cut off, since that time. */
  cutOff(key: string, since: string): Promise<void>;
  giveBack(key: string): Promise<void>;
  /** It was kept long enough. */
  forget(key: string): Promise<void>;
  /** Nothing came of it. */
  drop(key: string): Promise<void>;
}

export interface RecordFolders {
  readonly holders: string;
  readonly former: string;
}

/** Tools that re-create a container remove the old one first, and then send its folder back as a source. */
export const MOST_FORMER = 1000;

const RESERVED = '.reserved';
const UNREADABLE = '.unreadable';
const CUT_OFF = '.cut-off';

export function holderRecords({ holders, former }: RecordFolders, reached: Reached = goOn): HolderRecords {
  const recordOf = (key: string) => join(holders, `${key}.json`);
  const markOf = (key: string) => join(holders, `${key}${RESERVED}`);
  const cutOffOf = (key: string) => join(holders, `${key}${CUT_OFF}`);
  const formerOf = (key: string) => join(former, `${key}.json`);
  return {
    async load() {
      await mkdir(holders, { recursive: true, mode: 0o700 });
      return sortOut(holders);
    },
    async loadFormer() {
      await mkdir(former, { recursive: true, mode: 0o700 });
      return readFormer(former);
    },
    async reserve(key) {
      await writeFile(markOf(key), '', { mode: 0o600 });
      reached('create-noted');
    },
    // Each by its name: whoever holds a record may have more beside it, which would make the file unreadable.
    async save({ holder, engine, since }) {
      const text = JSON.stringify({ version: 1, engine, since, ...holder });
      await writeAtomically(recordOf(holder.key), text, () => reached('record-half-written'));
    },
    async missing(keys, cutOff) {
      const names = new Set(await readdir(holders));
      const records = keys.filter((key) => !names.has(`${key}.json`));
      return [...records, ...cutOff.filter((key) => !names.has(`${key}${CUT_OFF}`))];
    },
    delivered(key) {
      removeNow(markOf(key));
      reached('create-settled');
    },
    async retire(key) {
      await rm(markOf(key), { force: true });
      await rm(cutOffOf(key), { force: true });
      await rename(recordOf(key), formerOf(key)).catch(ignoreMissing);
    },
    forget: (key) => rm(formerOf(key), { force: true }),
    cutOff: (key, since) => writeAtomically(cutOffOf(key), since),
    giveBack: (key) => rm(cutOffOf(key), { force: true }),
    async drop(key) {
      await rm(recordOf(key), { force: true });
      await rm(markOf(key), { force: true });
    },
  };
}

/** Reads the folder, and puts aside or removes what a crash or a hand left in it. */
async function sortOut(folder: string): Promise<StoredRecords> {
  const records: HolderRecord[] = [];
  const [keptAside, unreadable]: [string[], string[]] = [[], []];
  const undelivered = new Map<string, number>();
  const cutOff = new Map<string, string>();
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith(HALF_WRITTEN)) await rm(path, { recursive: true, force: true });
    if (name.endsWith(RESERVED)) undelivered.set(name.slice(0, -RESERVED.length), (await stat(path)).mtimeMs);
    if (name.endsWith(CUT_OFF)) cutOff.set(keyIn(name), await readSince(path));
    if (name.endsWith(UNREADABLE)) {
      keptAside.push(path);
      unreadable.push(keyIn(name));
    }
    if (!name.endsWith('.json')) continue;
    const record = await readRecord(path);
    if (record?.holder.key === keyIn(name)) {
      records.push(record);
      continue;
    }
    await rename(path, `${path}${UNREADABLE}`);
    keptAside.push(`${path}${UNREADABLE}`);
    unreadable.push(keyIn(name));
  }
  const known = new Set([...records.map(({ holder }) => holder.key), ...unreadable]);
  for (const key of [...cutOff.keys()].filter((one) => !known.has(one))) {
    cutOff.delete(key);
    await rm(join(folder, `${key}${CUT_OFF}`), { force: true });
  }
  return { records, keptAside, unreadable, undelivered, cutOff };
}

/** The mark is what counts; a time that cannot be read in it is that of its file. */
async function readSince(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return Number.isNaN(Date.parse(text)) ? (await stat(path)).mtime.toISOString() : text;
}

/** The containers on record, for whoever only looks: nothing is put aside, and a folder that is not there has none. */
export async function readHolders(folder: string): Promise<readonly SocketHolder[]> {
  const names = await readdir(folder).catch(() => []);
  const read = names.filter((name) => name.endsWith('.json')).map((name) => readRecord(join(folder, name)));
  return (await Promise.all(read)).flatMap((record) => record?.holder ?? []);
}

/** The same for those of them that are cut off. */
export async function readCutOffs(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const marks = names.filter((name) => name.endsWith(CUT_OFF));
  return new Map(
    await Promise.all(marks.map(async (name) => [keyIn(name), await readSince(join(folder, name))] as const)),
  );
}

function keyIn(name: string): string {
  return name.split('.', 1)[0] ?? '';
}

async function readRecord(path: string): Promise<HolderRecord | undefined> {
  try {
    const parsed = recordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const { version: _version, engine, since, ...holder } = parsed;
    return { holder, ...(engine !== undefined && { engine }), ...(since !== undefined && { since }) };
  } catch {
    return undefined;
  }
}

/** The newest, and no more: every container that ever was would be too many. */
async function readFormer(folder: string): Promise<readonly SocketHolder[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const dated = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), since: (await stat(join(folder, name))).ctimeMs })),
  );
  dated.sort((one, other) => one.since - other.since);
  const old = dated.splice(0, Math.max(0, dated.length - MOST_FORMER));
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
  const records = await Promise.all(dated.map(({ path }) => readRecord(path)));
  return records.flatMap((record) => record?.holder ?? []);
}

function removeNow(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    ignoreMissing(error);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
