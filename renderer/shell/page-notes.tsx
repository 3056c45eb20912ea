import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageName } from '../../shared/ipc/address.ts';
import type { AllowListEntry } from '../../shared/ipc/allow-list.ts';
import { useLive, useStatus } from '../live/live.tsx';
import { StateWord, type Tone } from '../parts/state-word.tsx';

/** What a page's name in the navigation says beside it: how much there is, and what needs attention. */
export const pageNotes: Partial<Readonly<Record<PageName, ComponentType>>> = {
  activity: BlockedNote,
  'allow-list': AllowListNote,
  containers: PastNote,
  'set-up': SetUpNote,
};

function BlockedNote() {
  const { t } = useTranslation();
  const count = useStatus()?.counters.refusedToday ?? 0;
  return count === 0 ? null : <span className="quiet">{t('attention.blocked', { count })}</span>;
}

function PastNote() {
  const { t } = useTranslation();
  const count = useStatus()?.rawHolders.running ?? 0;
  return count === 0 ? null : <StateWord tone="bad">{t('attention.past', { count })}</StateWord>;
}

function SetUpNote() {
  const { t } = useTranslation();
  const count = useStatus()?.setUp?.failed.length ?? 0;
  return count === 0 ? null : <StateWord tone="bad">{t('attention.setUp', { count })}</StateWord>;
}

type Note = 'bad' | 'stale' | 'unanswered';

/** The worst first; only that is said. */
const notes: readonly (readonly [Note, Tone, readonly AllowListEntry['state'][]])[] = [
  ['bad', 'bad', ['bad-reference']],
  ['stale', 'warn', ['stale', 'previous']],
  ['bad', 'warn', ['absent']],
  ['unanswered', 'warn', ['unreachable', 'denied']],
];

function AllowListNote() {
  const { t } = useTranslation();
  const entries = useLive('allowList')?.entries ?? [];
  for (const [note, tone, states] of notes) {
    const count = entries.filter(({ state }) => states.includes(state)).length;
    if (count > 0) return <StateWord tone={tone}>{t(`allowList.${note}`, { count })}</StateWord>;
  }
  return null;
}
