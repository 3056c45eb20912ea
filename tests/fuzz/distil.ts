import type { Coverage } from './coverage.ts';
import { minimise } from './minimise.ts';
import { problemOf, type Target } from './target.ts';

/**
 * A corpus that runs the same, to be kept and read: the shortest inputs first, only those that run something which
 * none before them did, and each without what it does not need for that.
 */
export async function distil(
  target: Target,
  corpus: readonly Uint8Array[],
  coverage: Coverage,
): Promise<readonly Uint8Array[]> {
  const kept: Uint8Array[] = [];
  const runs = async (input: Uint8Array, learn: boolean): Promise<number> => {
    coverage.take(false);
    await problemOf(target, input);
    return coverage.take(learn).added;
  };
  coverage.forget();
  for (const input of [...corpus].sort((one, other) => one.length - other.length)) {
    const added = await runs(input, false);
    if (added === 0) continue;
    const shortest = await minimise(input, async (shorter) => (await runs(shorter, false)) === added);
    await runs(shortest, true);
    kept.push(shortest);
  }
  return kept;
}
