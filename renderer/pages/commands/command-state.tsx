import { useTranslation } from 'react-i18next';
import type { DescribedCommand } from '../../../shared/ipc/policy.ts';
import { StateWord, type Tone } from '../../parts/state-word.tsx';

const tones: Readonly<Record<DescribedCommand['verdict'], Tone>> = {
  allowed: 'good',
  partly: 'warn',
  own: 'warn',
  blocked: 'bad',
};

export function CommandState({ verdict }: { verdict: DescribedCommand['verdict'] }) {
  const { t } = useTranslation();
  return <StateWord tone={tones[verdict]}>{t(`commands.verdicts.${verdict}`)}</StateWord>;
}

/** The name of one word that people type, such as `ps`, where there is one; and the others. */
export function namesOf({ name, aliases }: DescribedCommand): { readonly typed: string; readonly others: string } {
  const typed = aliases.find((alias) => !alias.includes(' ')) ?? name;
  return { typed, others: [name, ...aliases].filter((one) => one !== typed).join(', ') };
}
