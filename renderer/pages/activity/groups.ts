import type { Decision } from './event-store.ts';

export const groupings = ['none', 'container', 'image', 'command'] as const;
export type Grouping = (typeof groupings)[number];

export interface Group {
  readonly name: string;
  readonly count: number;
  readonly refused: number;
  /** Time of the newest, RFC 3339. */
  readonly last: string;
}

const nameOf: Readonly<Record<Exclude<Grouping, 'none'>, (event: Decision) => string>> = {
  container: ({ caller }) => caller.containerId?.slice(0, 12) ?? '',
  image: ({ image, caller }) => image ?? caller.image ?? '',
  command: ({ command, operation }) => command ?? operation,
};

/** Counts decisions by one of their sides, those with the most refusals first. */
export function groupDecisions(decisions: readonly Decision[], by: Exclude<Grouping, 'none'>): readonly Group[] {
  const groups = new Map<string, { name: string; count: number; refused: number; last: string }>();
  for (const event of decisions) {
    const name = nameOf[by](event);
    const group = groups.get(name) ?? { name, count: 0, refused: 0, last: event.time };
    group.count += 1;
    if (event.outcome === 'refused') group.refused += 1;
    if (event.time > group.last) group.last = event.time;
    groups.set(name, group);
  }
  return [...groups.values()].sort((one, other) => other.refused - one.refused || other.count - one.count);
}
