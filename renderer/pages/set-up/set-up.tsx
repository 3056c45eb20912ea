import { useCallback, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { useConnection } from '../../live/live.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { StateWord, type Tone } from '../../parts/state-word.tsx';

const tones: Readonly<Record<SetUpCheck['state'], Tone>> = {
  pass: 'good',
  warn: 'warn',
  fail: 'bad',
  unknown: 'neutral',
};

/** What could be set up wrongly on this machine, and the way out of each. */
export default function SetUpPage() {
  const { t } = useTranslation();
  const { checks, problem, check, act } = useChecks();
  return (
    <div className="sections">
      <div>
        <Button className="button" isDisabled={checks === undefined} onPress={check}>
          {t('setUp.again')}
        </Button>
      </div>
      {problem !== undefined && <p role="alert">{problem}</p>}
      {checks === undefined && problem === undefined && <p className="quiet">{t('setUp.checking')}</p>}
      <ul className="checks" aria-live="polite">
        {checks?.map((one) => (
          <li key={one.check}>
            <Check check={one} act={act} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Check({ check, act }: { check: SetUpCheck; act: (action: NonNullable<SetUpCheck['action']>) => void }) {
  const { t } = useTranslation();
  const { state, finding, values, command, action } = check;
  // Which findings a check has is known where it is made; a test holds them against the catalogue.
  const found = t as (key: string, values: Readonly<Record<string, string>>) => string;
  return (
    <section className="check" aria-label={t(`setUp.${check.check}.title`)}>
      <h3>{t(`setUp.${check.check}.title`)}</h3>
      <StateWord tone={tones[state]}>{t(`setUp.states.${state}`)}</StateWord>
      <p>{found(`setUp.${check.check}.${finding}`, values)}</p>
      {command !== undefined && (
        <div className="command">
          <pre>{command}</pre>
          <CopyButton text={command} />
        </div>
      )}
      {action !== undefined && (
        <div className="actions">
          <Button className="button button-main" onPress={() => act(action)}>
            {t(`setUp.actions.${action}`)}
          </Button>
        </div>
      )}
    </section>
  );
}

function useChecks() {
  const connection = useConnection();
  const [checks, setChecks] = useState<readonly SetUpCheck[]>();
  const [problem, setProblem] = useState<string>();
  const show = useCallback((answer: Awaited<ReturnType<typeof connection.request<'checkSetUp'>>>) => {
    setChecks(answer.ok ? answer.value : undefined);
    setProblem(answer.ok ? undefined : answer.error.message);
  }, []);
  const check = useCallback(() => {
    void connection.request('checkSetUp', {}).then(show);
  }, [connection, show]);
  const act = (action: NonNullable<SetUpCheck['action']>) => void connection.request('setUp', { action }).then(show);
  // Asked again when Lockkeeper comes back, which may be what was mended.
  useEffect(() => {
    check();
    return connection.onState(() => {
      if (connection.state() === 'open') check();
    });
  }, [connection, check]);
  return { checks, problem, check, act };
}
