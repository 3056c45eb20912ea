import { useTranslation } from 'react-i18next';
import { formatAddress } from '../../shared/ipc/address.ts';
import type { Status } from '../../shared/ipc/status.ts';
import { useConnectionState, useStatus } from '../live/live.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { Enforcement } from './enforcement.tsx';
import { Settings } from './settings.tsx';

/** The state of things in one line of words; what is wrong is said first, with its remedy. */
export function Header() {
  const state = useConnectionState();
  const status = useStatus();
  const { t } = useTranslation();
  const isOpen = state === 'open' && status !== undefined;
  return (
    <header className="header">
      <h1 className="header-name">Lockkeeper</h1>
      <div className="header-status" role="status">
        {isOpen ? (
          <StatusLine status={status} />
        ) : (
          <StateWord tone={state === 'open' || state === 'connecting' ? 'neutral' : 'bad'}>
            {t(`header.${state === 'open' ? 'connecting' : state}`)}
          </StateWord>
        )}
      </div>
      <Settings />
      {isOpen && status.problems.length > 0 && <Problems status={status} />}
    </header>
  );
}

function StatusLine({ status }: { status: Status }) {
  const { t } = useTranslation();
  const { engine, policy } = status;
  const engineWords = engine.reachable
    ? t('header.engine', { version: engine.version ?? '?', detail: engine.detail ?? '' })
    : t('header.engineUnreachable');
  return (
    <p className="status-line">
      <Enforcement status={status} />
      <span>{t('header.exceptions', { count: status.exceptions })}</span>
      <span>{t('header.blockedToday', { count: status.counters.refusedToday })}</span>
      {engine.reachable ? <span>{engineWords}</span> : <StateWord tone="bad">{engineWords}</StateWord>}
      {policy.lockedBy !== undefined && <span>{t('header.lockedBy', { file: policy.lockedBy })}</span>}
    </p>
  );
}

function Problems({ status }: { status: Status }) {
  const { t } = useTranslation();
  return (
    <ul className="problems" aria-label={t('header.problems')}>
      {status.problems.map((problem) => (
        <li key={problem.text}>
          <Problem problem={problem} status={status} />
        </li>
      ))}
    </ul>
  );
}

function Problem({ problem, status }: { problem: Status['problems'][number]; status: Status }) {
  const { t } = useTranslation();
  const { about, text, remedy } = problem;
  switch (about) {
    case 'raw-holders':
      return (
        <>
          <StateWord tone="bad">{t('header.rawHolders', { count: status.rawHolders.running })}</StateWord>
          <a className="remedy" href={formatAddress({ page: 'containers', values: {} })}>
            {t('header.seeContainers')}
          </a>
        </>
      );
    case 'engine-open':
      return (
        <>
          <StateWord tone="bad">{t('header.engineOpen')}</StateWord>
          <a className="remedy" href={formatAddress({ page: 'set-up', values: {} })}>
            {t('header.seeSetUp')}
          </a>
        </>
      );
    default:
      return (
        <>
          <StateWord tone="bad">{text}</StateWord>
          {remedy !== undefined && <span className="remedy">{remedy}</span>}
        </>
      );
  }
}
