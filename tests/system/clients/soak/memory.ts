import { eventually, type Running } from '../../running.ts';

/** Bytes that a Lockkeeper holds once its garbage is collected. */
export interface Held {
  /** Objects of its program. */
  readonly heapUsed: number;
  /** Buffers, which lie outside the heap. */
  readonly external: number;
  /** What the system has given to the whole process. */
  readonly rss: number;
}

/** For `startLockkeeper`: the built program, which can be asked what it holds. */
export const MEASURED = new URL('measured.mjs', import.meta.url).pathname;

const LINE = /^memory: (.*)\n/gm;

/** Has it collect its garbage, and resolves to what is left. */
export async function heldNow(keeper: Running): Promise<Held> {
  const lines = () => [...keeper.complaints().matchAll(LINE)];
  const before = lines().length;
  process.kill(keeper.pid, 'SIGUSR2');
  await eventually(async () => lines().length > before, 'it has said what it holds', 60_000);
  const { heapUsed, external, rss } = JSON.parse(lines().at(-1)?.[1] ?? '');
  return { heapUsed, external, rss };
}

/** What it complained about, besides being measured. */
export function otherComplaints(keeper: Running): string {
  return keeper.complaints().replaceAll(LINE, '');
}

/** How much more is held in the last third of the samples than in the first, as a ratio of their medians. */
export function growth(samples: readonly Held[], of: keyof Held): number {
  const values = samples.map((sample) => sample[of]);
  const third = Math.ceil(values.length / 3);
  return median(values.slice(-third)) / median(values.slice(0, third));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
