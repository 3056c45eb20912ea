import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { CheckState, SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { Command } from '../../parts/command.tsx';
import { StateWord, type Tone } from '../../parts/state-word.tsx';
import { useExplained } from './explained.ts';
import type { Checking } from './use-checks.ts';
import './check.css';

export const tones: Readonly<Record<CheckState, Tone>> = {
  pass: 'good',
  warn: 'warn',
  fail: 'bad',
  unknown: 'neutral',
};

/** What one check found, why it matters, and what to do, as a button or a command. */
export function Check({ check, checking: { isChecking, act } }: { check: SetUpCheck; checking: Checking }) {
  const { t } = useTranslation();
  const explain = useExplained();
  const { state, values, command, action } = check;
  const title = explain.title(check);
  return (
    <section className="check" aria-label={title}>
      <StateWord tone={tones[state]}>{t(`setUp.states.${state}`)}</StateWord>
      <div className="check-body">
        <h2>{title}</h2>
        <p>{explain.words(check)}</p>
        {action !== undefined && (
          <div className="actions">
            <Button
              className={state === 'fail' ? 'button button-main' : 'button'}
              isDisabled={isChecking}
              onPress={() => act(action)}
            >
              {t(`setUp.actions.${action}`, { before: values.before ?? '' })}
            </Button>
          </div>
        )}
        {command !== undefined && <Command text={command} />}
      </div>
    </section>
  );
}
