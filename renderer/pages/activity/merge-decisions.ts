import type { Decision } from './event-store.ts';

/** Both in one, oldest first; of what is in both, the second one's. Each is sorted by its numbers already. */
export function mergeDecisions(some: readonly Decision[], others: readonly Decision[]): Decision[] {
  const merged: Decision[] = [];
  let at = 0;
  for (const other of others) {
    for (let one = some[at]; one !== undefined && one.sequence <= other.sequence; one = some[at]) {
      if (one.sequence < other.sequence) merged.push(one);
      at += 1;
    }
    merged.push(other);
  }
  return merged.concat(some.slice(at));
}
