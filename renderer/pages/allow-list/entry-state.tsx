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

/** Where a registry does not tell, what keeps it from that says more than that it does not. */
export function EntryState({ entry: { state, trouble } }: { entry: Pick<AllowListEntry, 'state' | 'trouble'> }) {
  const { t } = useTranslation();
  const named = state === 'unreachable' || state === 'denied' ? trouble : undefined;
  return (
    <StateWord tone={tones[state]}>
      {named === undefined ? t(`allowList.states.${state}`) : t(`troubles.${named}.name`)}
    </StateWord>
  );
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

export function ImageState({ image: { state, trouble } }: { image: AllowListEntry['images'][0] }) {
  const { t } = useTranslation();
  return (
    <StateWord tone={imageTones[state]}>
      {trouble === undefined ? t(`allowList.imageStates.${state}`) : t(`troubles.${trouble}.name`)}
    </StateWord>
  );
}
