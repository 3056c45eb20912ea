import { useTranslation } from 'react-i18next';
import type { AllowListEntry, ListedImageState } from '../../../shared/ipc/allow-list.ts';
import { StateWord, type Tone } from '../../parts/state-word.tsx';

const tones: Readonly<Record<AllowListEntry['state'], Tone>> = {
  match: 'good',
  previous: 'warn',
  stale: 'warn',
  'not-local': 'neutral',
  absent: 'bad',
  unreachable: 'warn',
  denied: 'warn',
  unconfirmed: 'neutral',
  unknown: 'warn',
  everything: 'warn',
  'bad-reference': 'bad',
};

export function EntryState({ state }: { state: AllowListEntry['state'] }) {
  const { t } = useTranslation();
  return <StateWord tone={tones[state]}>{t(`allowList.states.${state}`)}</StateWord>;
}

const imageTones: Readonly<Record<ListedImageState, Tone>> = {
  confirmed: 'good',
  previous: 'warn',
  stale: 'warn',
  absent: 'bad',
  unreachable: 'warn',
  denied: 'warn',
  unconfirmed: 'neutral',
};

export function ImageState({ state }: { state: ListedImageState }) {
  const { t } = useTranslation();
  return <StateWord tone={imageTones[state]}>{t(`allowList.imageStates.${state}`)}</StateWord>;
}
