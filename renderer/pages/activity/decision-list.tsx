import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, type RefObject, type UIEvent, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { DecisionRow } from './decision-row.tsx';
import type { Decision } from './event-store.ts';
import { NothingYet } from './nothing-yet.tsx';

const ROW_PX = 28;
/** Rows that are drawn beyond the edges, so that fast scrolling meets no gap. */
const OVERSCAN = 8;

interface DecisionListProps {
  /** Oldest first; shown the other way round. */
  readonly matches: readonly Decision[];
  readonly isFiltered: boolean;
  readonly selected: number | undefined;
  readonly select: (sequence: number) => void;
  readonly clear: () => void;
}

/**
 * The newest on top. While the top is in view the list follows; as soon as the user scrolls down or walks through it, it
 * holds still, and what comes meanwhile waits behind a button.
 */
export function DecisionList({ matches, isFiltered, selected, select, clear }: DecisionListProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  /** The newest that is shown while the list holds. */
  const [heldAt, setHeldAt] = useState<number>();
  const shown = heldAt === undefined ? matches.length : countUpTo(matches, heldAt);
  const fresh = matches.length - shown;
  const rowAt = (index: number) => matches[shown - 1 - index];
  const virtual = useRows(shown, box);
  const hold = () => setHeldAt((held) => held ?? matches.at(-1)?.sequence);
  const follow = () => {
    setHeldAt(selected === undefined ? undefined : matches.at(-1)?.sequence);
    virtual.scrollToOffset(0);
  };
  const selectedIndex = indexOf(matches, shown, selected);
  const walk = (event: KeyboardEvent) => {
    const next = nextIndex(event.key, selectedIndex, shown, pageRows(box.current));
    const row = next === undefined ? undefined : rowAt(next);
    if (next === undefined || row === undefined) return;
    event.preventDefault();
    hold();
    select(row.sequence);
    virtual.scrollToIndex(next);
  };
  const choose = ({ target }: MouseEvent) => {
    const sequence = target instanceof Element && target.closest<HTMLElement>('[data-sequence]')?.dataset.sequence;
    if (!sequence) return;
    // Whoever reads must not have it move away.
    hold();
    select(Number(sequence));
  };
  // React's own listener: one that is added anew in an effect misses the event in which the virtualizer draws.
  const scrolled = ({ currentTarget }: UIEvent<HTMLElement>) => {
    if (currentTarget.scrollTop < ROW_PX && selected === undefined) setHeldAt(undefined);
    else hold();
  };
  const isReading = selected !== undefined;
  useEffect(() => {
    // With the panel closed and the top in view, there is nothing left to hold for.
    if (!isReading && box.current !== null && box.current.scrollTop < ROW_PX) setHeldAt(undefined);
  }, [isReading]);
  if (matches.length === 0) return <NothingYet isFiltered={isFiltered} clear={clear} />;
  return (
    <div className="decisions">
      <ColumnNames />
      {fresh > 0 && (
        <Button className="button button-main fresh" onPress={follow}>
          {t('activity.fresh', { count: fresh })}
        </Button>
      )}
      <div
        ref={box}
        className="decision-rows"
        role="listbox"
        tabIndex={0}
        aria-label={t('activity.list')}
        aria-activedescendant={selectedIndex === undefined ? undefined : `decision-${selected}`}
        onScroll={scrolled}
        onKeyDown={walk}
        onClick={choose}
      >
        <div className="decision-sheet" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const event = rowAt(index);
            return (
              event !== undefined && (
                <DecisionRow
                  key={event.sequence}
                  event={event}
                  top={start}
                  position={index + 1}
                  total={shown}
                  isSelected={event.sequence === selected}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

/**
 * Which rows are in view. A function of its own: the virtualizer keeps the closures of its first drawing for ever, and
 * with them all that they could see, such as a hundred thousand decisions of that time.
 */
function useRows(count: number, box: RefObject<HTMLDivElement | null>) {
  return useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: rowHeight,
    overscan: OVERSCAN,
    // Without keys of ours: with another function for them in each drawing, all 100,000 rows are measured in each.
  });
}

function rowHeight(): number {
  return ROW_PX;
}

function ColumnNames() {
  const { t } = useTranslation();
  return (
    <div className="decision-grid column-names" aria-hidden="true">
      {(['time', 'outcome', 'command', 'who', 'reason'] as const).map((name) => (
        <span key={name}>{t(`activity.columns.${name}`)}</span>
      ))}
    </div>
  );
}

function pageRows(box: HTMLElement | null): number {
  return Math.max(1, Math.floor((box?.clientHeight ?? 0) / ROW_PX) - 1);
}

/** Where a key leads, as in the ARIA pattern of a listbox; undefined for keys that lead nowhere. */
function nextIndex(key: string, from: number | undefined, count: number, page: number): number | undefined {
  const at = from ?? -1;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const next = steps[key];
  return next === undefined || count === 0 ? undefined : Math.min(Math.max(next, 0), count - 1);
}

/** How many of them have this sequence or an earlier one; they are in order. */
function countUpTo(matches: readonly Decision[], sequence: number): number {
  let low = 0;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((matches[middle]?.sequence ?? 0) <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The row of a sequence, counted from the newest shown one; undefined when it is not among them. */
function indexOf(matches: readonly Decision[], shown: number, sequence: number | undefined): number | undefined {
  if (sequence === undefined) return undefined;
  const count = countUpTo(matches, sequence);
  return count > 0 && count <= shown && matches[count - 1]?.sequence === sequence ? shown - count : undefined;
}
