import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { AllowListEntry } from '../../shared/ipc/allow-list.ts';
import { useLive } from '../live/live.tsx';
import { StateWord, type Tone } from '../parts/state-word.tsx';
import type { PageName } from './address.ts';

/** What a page's name in the navigation says beside it: that something there needs attention. */
export const pageNotes: Partial<Readonly<Record<PageName, ComponentType>>> = { 'allow-list': AllowListNote };

type Note = 'bad' | 'stale' | 'unanswered';

/** The worst first; only that is said. */
const notes: readonly (readonly [Note, Tone, readonly AllowListEntry['state'][]])[] = [
  ['bad', 'bad', ['bad-reference']],
  ['stale', 'warn', ['stale']],
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
