import { useTranslation } from 'react-i18next';
import type { AllowListEntry } from '../../../shared/ipc/allow-list.ts';
import { StateWord, type Tone } from '../../parts/state-word.tsx';

const tones: Readonly<Record<AllowListEntry['state'], Tone>> = {
  match: 'good',
  stale: 'warn',
  'not-local': 'neutral',
  unreachable: 'warn',
  unconfirmed: 'neutral',
  everything: 'warn',
  'bad-reference': 'bad',
};

export function EntryState({ state }: { state: AllowListEntry['state'] }) {
  const { t } = useTranslation();
  return <StateWord tone={tones[state]}>{t(`allowList.states.${state}`)}</StateWord>;
}
