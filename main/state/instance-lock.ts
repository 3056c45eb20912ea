import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** The one right to run on a state folder, or who has it. */
export type LockResult =
  | {
      readonly ok: true;
      /** The file that holds it. */
      readonly file: string;
      /** Whether it still does: somebody may have removed the folder, and others may have come. */
      isHeld(): Promise<boolean>;
      release(): Promise<void>;
    }
  | { readonly ok: false; readonly pid: number; readonly message: string };

export interface LockOptions {
  /** Asks whether somebody answers for the folder; settles the case of a holder in another container. */
  readonly answers: () => Promise<boolean>;
}

const identitySchema = z.object({
  pid: z.number().int().positive(),
  started: z.string().optional(),
  boot: z.string().optional(),
  thread: z.number().int().positive().optional(),
  namespace: z.string().optional(),
});

const PREFIX = 'instance-';
const generationName = /^instance-(\d{1,15})\.lock$/;

/**
 * Takes the folder for this process. Node has no file locks, so the right is a file that names its holder, and taking
 * over from a dead holder is race-free by numbering: the file with the highest number holds, it is never removed while
 * it is the highest, and the next number can be linked into place by one starter only.
 */
export async function acquireInstanceLock(folder: string, options: LockOptions): Promise<LockResult> {
  const own = await ownIdentity();
  const draft = join(folder, `${PREFIX}${randomUUID()}.draft`);
  await writeFile(draft, JSON.stringify(own), { mode: 0o600, flag: 'wx' });
  try {
    return await climb(folder, draft, own, options);
  } finally {
    await rm(draft, { force: true });
  }
}

async function climb(folder: string, draft: string, own: ProcessIdentity, options: LockOptions): Promise<LockResult> {
  for (;;) {
    const top = await highest(folder);
    const holder = top === 0 ? undefined : await holderOf(join(folder, fileName(top)));
    if (holder !== undefined && (await isAlive(holder, own, options))) {
      return held(folder, holder.pid);
    }
    const mine = join(folder, fileName(top + 1));
    if (!(await linkAs(draft, mine))) {
      continue;
    }
    // We may have been slow: then ours is a number that was used and removed while others went on above it.
    if ((await highest(folder)) > top + 1) {
      await rm(mine, { force: true });
      continue;
    }
    await removeBelow(folder, top);
    const isHeld = async () => (await readFile(mine, 'utf8').catch(() => undefined)) === JSON.stringify(own);
    const release = async () => {
      if (await isHeld()) await writeFile(mine, 'released\n');
    };
    return { ok: true, file: mine, isHeld, release };
  }
}

/** The holder that a file names; undefined when it was released or is none that we wrote whole. */
async function holderOf(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const parsed = identitySchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (!parsed.success) {
      return undefined;
    }
    const { pid, started, boot, thread, namespace } = parsed.data;
    return {
      pid,
      ...(started === undefined ? {} : { started }),
      ...(boot === undefined ? {} : { boot }),
      ...(thread === undefined ? {} : { thread }),
      ...(namespace === undefined ? {} : { namespace }),
    };
  } catch {
    return undefined;
  }
}

async function isAlive(holder: ProcessIdentity, own: ProcessIdentity, options: LockOptions): Promise<boolean> {
  const liveness = await livenessOf(holder, own);
  return liveness === 'elsewhere' ? options.answers() : liveness === 'alive';
}

function held(folder: string, pid: number): LockResult {
  const message = `another Lockkeeper (process ${pid}) already runs with the state folder ${folder}: see it with 'lockkeeper status --state ${folder}', stop it, or give this one a folder of its own with --state`;
  return { ok: false, pid, message };
}

async function linkAs(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function generations(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => {
    const number = generationName.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

async function highest(folder: string): Promise<number> {
  return Math.max(0, ...(await generations(folder)));
}

/** Removes what is lower than `top`; `top` itself stays, so that a listing taken meanwhile never misses every file. */
async function removeBelow(folder: string, top: number): Promise<void> {
  const old = (await generations(folder)).filter((number) => number < top);
  await Promise.all(old.map((number) => rm(join(folder, fileName(number)), { force: true })));
}

function fileName(generation: number): string {
  return `${PREFIX}${generation}.lock`;
}
