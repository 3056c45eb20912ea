import { useTranslation } from 'react-i18next';
import { StateWord, type Tone } from '../../parts/state-word.tsx';
import type { HolderState } from './holder-rows.ts';

const tones: Readonly<Record<HolderState, Tone>> = {
  raw: 'bad',
  'raw-stopped': 'warn',
  doubtful: 'warn',
  'cut-off': 'bad',
  refused: 'bad',
  'needs-restart': 'warn',
  running: 'good',
  stopped: 'neutral',
};

export function HolderStateWord({ state }: { state: HolderState }) {
  const { t } = useTranslation();
  return <StateWord tone={tones[state]}>{t(`containers.states.${state}`)}</StateWord>;
}
