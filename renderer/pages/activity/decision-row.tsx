import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago } from '../../parts/ago.tsx';
import { familiarImage } from '../../parts/image-name.ts';
import { StateWord, type Tone } from '../../parts/state-word.tsx';
import type { Decision } from './event-store.ts';

export const outcomeTones: Readonly<Record<Decision['outcome'], Tone>> = {
  refused: 'bad',
  granted: 'good',
  observed: 'warn',
  passed: 'neutral',
};

interface DecisionRowProps {
  readonly event: Decision;
  readonly top: number;
  readonly position: number;
  readonly total: number;
  readonly isSelected: boolean;
}

/** One option of the listbox around it, which has the keyboard and the pointer. */
export const DecisionRow = memo(
  function Row({ event, top, position, total, isSelected }: DecisionRowProps) {
    const { t } = useTranslation();
    const command = event.command ?? event.operation;
    return (
      <div
        role="option"
        id={`decision-${event.sequence}`}
        tabIndex={-1}
        aria-selected={isSelected}
        aria-posinset={position}
        aria-setsize={total}
        className="decision-grid decision"
        style={{ transform: `translateY(${top}px)` }}
        data-sequence={event.sequence}
      >
        <span className="quiet">
          <Ago time={event.time} />
        </span>
        <StateWord tone={outcomeTones[event.outcome]}>{t(`activity.outcomes.${event.outcome}`)}</StateWord>
        <code title={event.path}>{command}</code>
        <Who event={event} />
        <span>{event.reason === undefined ? event.rule : t(`reasons.${event.reason}.short`)}</span>
      </div>
    );
  },
  (one, other) =>
    one.event === other.event &&
    one.top === other.top &&
    one.isSelected === other.isSelected &&
    one.position === other.position,
);

/** Who asked, and for which image where that is not the same. */
function Who({ event: { caller, image } }: { event: Decision }) {
  const { t } = useTranslation();
  const who = caller.image === undefined ? (caller.socket ?? t('activity.host')) : familiarImage(caller.image);
  return (
    <span className="who" title={image === undefined ? who : `${who} → ${image}`}>
      <code>{who}</code>
      {image !== undefined && image !== caller.image && <code> → {familiarImage(image)}</code>}
    </span>
  );
}
