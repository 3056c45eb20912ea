import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { FilteredHolder } from '../../../shared/ipc/containers.ts';
import { useConnection } from '../../live/live.tsx';

/** Takes a container its socket, or gives it back: each undoes the other, so neither asks twice. */
export function CutOff({ holder: { key, cutOffSince } }: { holder: FilteredHolder }) {
  const { t } = useTranslation();
  const connection = useConnection();
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const isCutOff = cutOffSince !== undefined;
  const ask = async () => {
    setAsking(true);
    const answer = await connection.request(isCutOff ? 'giveBack' : 'cutOff', { key });
    setAsking(false);
    setProblem(answer.ok ? undefined : answer.error.message);
  };
  return (
    <>
      <div className="actions">
        <Button className={isCutOff ? 'button button-main' : 'button'} isDisabled={isAsking} onPress={() => void ask()}>
          {t(isCutOff ? 'containers.giveBack' : 'containers.cutOff')}
        </Button>
      </div>
      {!isCutOff && <p className="quiet">{t('containers.cutOffWords')}</p>}
      {problem !== undefined && <p role="alert">{t('containers.notDone', { problem })}</p>}
    </>
  );
}
