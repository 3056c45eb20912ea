import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { useStatus } from '../../live/live.tsx';
import { Command } from '../../parts/command.tsx';
import { dockerHostCommand } from './docker-host-command.ts';

/** Which way docker goes now, the way in for what does not go there yet, and where to see what is blocked. */
export function WhatNow({ checks, finish }: { checks: readonly SetUpCheck[]; finish: () => void }) {
  const { t } = useTranslation();
  const status = useStatus();
  const isThrough = checks.some(({ check, state }) => check === 'docker-context' && state === 'pass');
  return (
    <section className="what-now" aria-label={t('firstRun.now.title')}>
      <h2>{t('firstRun.now.title')}</h2>
      <p>{t(isThrough ? 'firstRun.now.through' : 'firstRun.now.past')}</p>
      {status !== undefined && <Command text={dockerHostCommand(status.hostGate)} />}
      <p>{t('firstRun.now.shown')}</p>
      <div className="actions">
        <Button className="button button-main" onPress={finish}>
          {t('firstRun.now.toActivity')}
        </Button>
      </div>
    </section>
  );
}
