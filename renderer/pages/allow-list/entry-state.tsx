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

/** The text of a state. Where a registry does not tell, what keeps it from that says more than that it does not. */
export function stateText({ state, trouble }: Pick<AllowListEntry, 'state' | 'trouble'>) {
  const isUntold = state === 'unreachable' || state === 'denied';
  return isUntold && trouble !== undefined
    ? (`troubles.${trouble}.name` as const)
    : (`allowList.states.${state}` as const);
}

export function EntryState({ entry }: { entry: Pick<AllowListEntry, 'state' | 'trouble'> }) {
  const { t } = useTranslation();
  return <StateWord tone={tones[entry.state]}>{t(stateText(entry))}</StateWord>;
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
