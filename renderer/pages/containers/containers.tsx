import { useTranslation } from 'react-i18next';
import type { Containers } from '../../../shared/ipc/containers.ts';
import { useLive } from '../../live/live.tsx';
import { Ago } from '../../parts/ago.tsx';
import { Command } from '../../parts/command.tsx';
import { FilterField } from '../../parts/filter-field.tsx';
import { StateWord } from '../../parts/state-word.tsx';
import { goTo, useAddress } from '../../shell/use-address.ts';
import { HolderPanel } from './holder-panel.tsx';
import { fitsFilter, holderRows } from './holder-rows.ts';
import { HolderTable } from './holder-table.tsx';
import { NoHolders } from './no-holders.tsx';
import './containers.css';

/** Who can command the engine: through Lockkeeper, and past it. */
export default function ContainersPage() {
  const containers = useLive('containers');
  const { t } = useTranslation();
  if (containers === undefined) return <p className="quiet page-note">{t('common.loading')}</p>;
  return <Listed containers={containers} />;
}

function Listed({ containers }: { containers: Containers }) {
  const { t } = useTranslation();
  const { values } = useAddress();
  const change = (changes: Readonly<Record<string, string>>) =>
    goTo({ page: 'containers', values: { ...values, ...changes } }, { replace: true });
  const filter = (values.filter ?? '').trim();
  const rows = holderRows(containers);
  const shown = rows.filter((row) => fitsFilter(row, filter, t(`containers.states.${row.state}`)));
  const isLooking = containers.lookedAt === undefined && containers.problem === undefined;
  return (
    <div className="beside-panel">
      <div className="listing containers">
        <search className="toolbar">
          <FilterField
            label={t('containers.filter')}
            text={values.filter ?? ''}
            change={(filter) => change({ filter })}
          />
          <span className="quiet toolbar-count" role="status">
            {t('containers.shown', { count: shown.length })}
          </span>
        </search>
        <Troubles containers={containers} />
        {isLooking && <p className="quiet page-note">{t('containers.looking')}</p>}
        {shown.length > 0 && (
          <HolderTable rows={shown} chosen={values.container} choose={(container) => change({ container })} />
        )}
        {shown.length === 0 && !isLooking && (
          <NoHolders isFiltered={rows.length > 0} clear={() => change({ filter: '' })} />
        )}
      </div>
      {values.container !== undefined && (
        <HolderPanel row={rows.find(({ id }) => id === values.container)} close={() => change({ container: '' })} />
      )}
    </div>
  );
}

/** What is wrong as a whole: who is past us, and an engine that does not tell. */
function Troubles({ containers: { raw, problem, lookedAt } }: { containers: Containers }) {
  const { t } = useTranslation();
  const running = raw.filter(({ isRunning, doubt }) => isRunning && doubt === undefined);
  return (
    <>
      {problem !== undefined && (
        <p className="page-note" role="status">
          <StateWord tone="warn">{t('containers.problem', { problem })}</StateWord>{' '}
          {lookedAt !== undefined && (
            <span className="quiet">
              {t('containers.asOf')} <Ago time={lookedAt} />
            </span>
          )}
        </p>
      )}
      {running.length > 0 && (
        <div className="page-note past" role="status">
          <StateWord tone="bad">{t('containers.rawBanner', { count: running.length })}</StateWord>
          <p>{t('containers.rawRemedyAll', { count: running.length })}</p>
          <Command text={`docker rm -f ${running.map(({ name }) => name).join(' ')}`} />
        </div>
      )}
    </>
  );
}
