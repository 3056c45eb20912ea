import { expect } from 'vitest';
import type { AttachedLab } from '../../../lab/lab.ts';
import { dial, head } from '../../gate/raw-client.ts';
import { eventually, type Running } from '../../running.ts';
import { isNoMore, type OpenThings, openThings } from '../left-behind.ts';
import { seeded } from '../seeded.ts';
import { ASKING } from './asking.ts';
import { COMMANDS } from './commands.ts';
import { startFollowers } from './followers.ts';
import { growth, type Held, heldNow, otherComplaints } from './memory.ts';
import { MOVING } from './moving.ts';
import { reloads } from './reloads.ts';
import { type Chore, clearStage, removeLeft, type Stage, setStage } from './stage.ts';

const CHORES: readonly Chore[] = [...ASKING, ...MOVING, ...COMMANDS];
const AT_ONCE = 4;
/** More events than the journal keeps, and than wait for a subscriber that does not read. */
const EVENTS = 25_000;
/** A chore takes seconds at most; one that comes to no end is a failure with a name. */
const MOST_MS = 120_000;

export interface SoakOptions {
  /** Of the load as a whole. */
  readonly milliseconds: number;
  /** Between two of them nobody asks anything, and what is held is measured. */
  readonly windows: number;
  readonly seed: number;
  /** Whether what may hold so much and no more is filled first, so that memory can be expected to be flat. */
  readonly full: boolean;
}

/** What a soak came to. */
export interface Soaked {
  /** How often each chore was done. */
  readonly done: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
  /** At the end of each window. */
  readonly held: readonly Held[];
}

/**
 * Mixed load by several clients at once, on a Lockkeeper that is MEASURED and has the first policy of the reloads. Logs,
 * events and pushes are followed all the time; a client that sleeps is subscribed, too.
 */
export async function soak(lab: AttachedLab, keeper: Running, options: SoakOptions): Promise<Soaked> {
  const done = new Map<string, number>(CHORES.map(({ does }) => [does, 0]));
  const failures: string[] = [];
  const held: Held[] = [];
  const saidAtStart = keeper.complaints();
  const stage = await setStage(lab, keeper, reloads(keeper));
  try {
    const followers = await startFollowers(stage);
    // What is loaded, compiled or opened once, at the first use, is no leak.
    const first = [...CHORES];
    await atOnce(async () => {
      for (let chore = first.pop(); chore !== undefined; chore = first.pop()) {
        await doOne(chore, stage, options.seed, done, failures);
      }
    });
    if (options.full) await fillWithEvents(keeper);
    const before = await atRest(stage);
    for (let window = 0; window < options.windows; window += 1) {
      const end = performance.now() + options.milliseconds / options.windows;
      await atOnce(async (client) => {
        const random = seeded(options.seed + window * AT_ONCE + client);
        while (performance.now() < end) await doOne(random.one(CHORES), stage, random.below(2 ** 31), done, failures);
      });
      await isAsBefore(stage, before).catch((error: unknown) => failures.push(`after window ${window}: ${error}`));
      held.push(await heldNow(keeper));
    }
    for (const { follows, end } of followers) {
      const problem = end();
      if (problem !== undefined) failures.push(`${follows}: ${problem}`);
    }
  } finally {
    await clearStage(lab);
  }
  const complaints = otherComplaints(keeper).slice(saidAtStart.length);
  if (complaints !== '') failures.push(`it complained: ${complaints}`);
  return { done, failures, held };
}

async function atOnce(client: (index: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => client(index)));
}

async function doOne(
  chore: Chore,
  stage: Stage,
  seed: number,
  done: Map<string, number>,
  failures: string[],
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${MOST_MS / 1000} s`)), MOST_MS);
  });
  try {
    await Promise.race([chore.run(stage, seeded(seed)), late]);
    done.set(chore.does, (done.get(chore.does) ?? 0) + 1);
  } catch (error) {
    failures.push(`${chore.does} (seed ${seed}): ${error instanceof Error ? error.message : error}`);
  } finally {
    clearTimeout(timer);
  }
}

/** What holds up to so many events and no more grows until it is full. */
async function fillWithEvents(keeper: Running): Promise<void> {
  await atOnce(async () => {
    const client = await dial(keeper.hostGate);
    for (let left = EVENTS / AT_ONCE; left > 0; left -= 1) {
      client.send(head('GET /_ping'));
      await client.answer();
    }
    client.destroy();
  });
}

/** What is open while nobody does a chore. */
async function atRest({ lab, keeper }: Stage): Promise<OpenThings> {
  await removeLeft(lab);
  return openThings(lab, keeper);
}

async function isAsBefore(stage: Stage, before: OpenThings): Promise<void> {
  const isSo = async () => isNoMore(await atRest(stage), before);
  await eventually(isSo, 'nothing is left').catch(async (error: unknown) => {
    expect(await atRest(stage), String(error)).toEqual(before);
  });
}

/** The figures in a line each, for whoever reads the output. */
export function report({ done, held }: Soaked): string {
  const counts = [...done].map(([does, count]) => `${does}: ${count}`);
  const mebibytes = (of: keyof Held) => held.map((one) => (one[of] / 2 ** 20).toFixed(1)).join(' ');
  const figures = (['heapUsed', 'external', 'rss'] as const).map(
    (of) => `${of} by window, MiB: ${mebibytes(of)}; growth ${growth(held, of).toFixed(3)}`,
  );
  return [...counts, ...figures].join('\n');
}
