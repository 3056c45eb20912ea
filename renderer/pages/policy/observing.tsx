import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { OBSERVATION_MINUTES } from '../../../shared/ipc/observation.ts';
import { useConnection, useStatus } from '../../live/live.tsx';

/** A way to see what the policy would block before it does; not there where it is locked, or says so itself. */
export function Observing() {
  const { t } = useTranslation();
  const connection = useConnection();
  const status = useStatus();
  const [problem, setProblem] = useState<string>();
  if (status?.enforcement !== 'enforcing' || status.policy.lockedBy !== undefined) return null;
  const observe = async (minutes: number) => {
    const answer = await connection.request('observe', { minutes });
    setProblem(answer.ok ? undefined : answer.error.message);
  };
  return (
    <section>
      <h2>{t('policy.observing.title')}</h2>
      <p>{t('policy.observing.what')}</p>
      {problem !== undefined && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <div className="actions">
        {OBSERVATION_MINUTES.map((minutes) => (
          <Button key={minutes} className="button" onPress={() => void observe(minutes)}>
            {t('policy.observing.for', { minutes })}
          </Button>
        ))}
      </div>
    </section>
  );
}
