import type { Containers, FilteredHolder, RawHolder } from '../../../shared/ipc/containers.ts';

/** The worst first, which is the order in which they are listed. */
export const holderStates = [
  'raw',
  'raw-stopped',
  'doubtful',
  'cut-off',
  'refused',
  'needs-restart',
  'running',
  'stopped',
] as const;
export type HolderState = (typeof holderStates)[number];

/** A container that holds a socket, of whichever kind. */
export type HolderRow = {
  /** Its container's ID. */
  readonly id: string;
  readonly state: HolderState;
  readonly name: string;
  readonly image: string;
} & (
  | { readonly kind: 'filtered'; readonly holder: FilteredHolder }
  | { readonly kind: 'raw'; readonly holder: RawHolder }
);

/** All that hold a socket, the worst first and then by name. */
export function holderRows({ filtered, raw }: Containers): readonly HolderRow[] {
  const rows: HolderRow[] = [
    ...raw.map((holder) => ({ kind: 'raw' as const, state: rawState(holder), ...common(holder), holder })),
    ...filtered.map((holder) => ({
      kind: 'filtered' as const,
      state: filteredState(holder),
      ...common(holder),
      holder,
    })),
  ];
  const rank = ({ state }: HolderRow) => holderStates.indexOf(state);
  return rows.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}

function common({ containerId, name, image }: FilteredHolder | RawHolder) {
  return { id: containerId, name, image };
}

function rawState({ doubt, isRunning }: RawHolder): HolderState {
  if (doubt !== undefined) return 'doubtful';
  return isRunning ? 'raw' : 'raw-stopped';
}

function filteredState({ cutOffSince, refusedBecause, needsRestart, isRunning }: FilteredHolder): HolderState {
  if (cutOffSince !== undefined) return 'cut-off';
  if (refusedBecause !== undefined) return 'refused';
  if (needsRestart) return 'needs-restart';
  return isRunning ? 'running' : 'stopped';
}

/** Whether all words of the filter are in a row; `stateWords` are those that the row shows for its state. */
export function fitsFilter(row: HolderRow, filter: string, stateWords: string): boolean {
  const by = row.kind === 'filtered' ? row.holder.entry : row.holder.source;
  const text = [row.name, row.id, row.image, by, stateWords].join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
