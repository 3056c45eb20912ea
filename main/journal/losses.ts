import { type LineKind, lineKinds } from '../../shared/journal/counters.ts';

/** How many lines of each kind are missing; kinds of which none is are left out. */
export type LostLines = Readonly<Partial<Record<LineKind, number>>>;

/** Counts lines that never reach the file. */
export interface Losses {
  add(kind: LineKind): void;
  total(): number;
  byKind(): LostLines;
  /** What was counted since this was asked last. */
  news(): LostLines;
}

export function createLosses(): Losses {
  const all = new Map<LineKind, number>();
  const recent = new Map<LineKind, number>();
  let total = 0;
  return {
    add(kind) {
      total += 1;
      all.set(kind, (all.get(kind) ?? 0) + 1);
      recent.set(kind, (recent.get(kind) ?? 0) + 1);
    },
    total: () => total,
    byKind: () => Object.fromEntries(all),
    news() {
      const news = Object.fromEntries(recent);
      recent.clear();
      return news;
    },
  };
}

/** `12 lines (10 refused, 2 own)`. */
export function lostWords(lost: LostLines): string {
  const kinds = lineKinds.flatMap((kind) => (lost[kind] === undefined ? [] : [`${lost[kind]} ${kind}`]));
  return `${lostCount(lost)} lines (${kinds.join(', ')})`;
}

/** All kinds together. */
export function lostCount(lost: LostLines): number {
  return lineKinds.reduce((sum, kind) => sum + (lost[kind] ?? 0), 0);
}
