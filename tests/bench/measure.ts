import { type Result, summary } from './report.ts';
import type { Measured, Row } from './rows.ts';
import type { Target } from './targets.ts';

/** A row takes seconds. */
const MOST_MS = 120_000;

/** Round by round, each row at each target: what drifts on the machine drifts for all of them. */
export async function measure(rows: readonly Row[], targets: readonly Target[], rounds: number): Promise<Result[]> {
  const results: Result[] = [];
  for (const row of rows) {
    console.error(row.name);
    const measured: Measured[][] = [];
    // What is read the first time comes from the disk, and code that runs the first time is not compiled yet.
    for (const target of targets) await timed(row, target);
    for (let round = 0; round < rounds; round += 1) {
      const now: Measured[] = [];
      for (const target of targets) now.push(await timed(row, target));
      measured.push(now);
    }
    results.push(summary(row, targets, measured));
  }
  return results;
}

/** Runs a row once; one that comes to no end is an error that says which. */
async function timed(row: Row, target: Target): Promise<Measured> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no end within ${MOST_MS / 1000} s: ${row.name}, ${target.name}`);
    timer = setTimeout(() => reject(error), MOST_MS);
  });
  try {
    return await Promise.race([row.run(target), late]);
  } finally {
    clearTimeout(timer);
  }
}
