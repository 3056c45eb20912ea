import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../shared/ipc/status.ts';
import { useConnection } from '../live/live.tsx';
import { StateWord } from '../parts/state-word.tsx';

const tones = { enforcing: 'good', observing: 'warn', 'not-enforced': 'warn', closed: 'bad' } as const;

/** Whether the policy is enforced, and while somebody has it observed, until when, with the way back. */
export function Enforcement({ status }: { status: Status }) {
  const { t, i18n } = useTranslation();
  const { enforcement, observingUntil } = status;
  if (observingUntil === undefined)
    return <StateWord tone={tones[enforcement]}>{t(`header.${enforcement}`)}</StateWord>;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short' }).format(new Date(observingUntil));
  return (
    <>
      <StateWord tone={tones[enforcement]}>{t('header.observingUntil', { time })}</StateWord>
      <EnforceAgain />
    </>
  );
}

function EnforceAgain() {
  const { t } = useTranslation();
  const connection = useConnection();
  const [problem, setProblem] = useState<string>();
  const enforce = async () => {
    const answer = await connection.request('enforce', {});
    setProblem(answer.ok ? undefined : answer.error.message);
  };
  return (
    <>
      <Button className="button button-small" onPress={() => void enforce()}>
        {t('header.enforceAgain')}
      </Button>
      {problem !== undefined && <StateWord tone="bad">{problem}</StateWord>}
    </>
  );
}
