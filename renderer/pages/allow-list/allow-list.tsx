import { useTranslation } from 'react-i18next';
import type { AllowList, AllowListEntry } from '../../../shared/ipc/allow-list.ts';
import { useLive } from '../../live/live.tsx';
import { goTo, useAddress } from '../../shell/use-address.ts';
import { EntryPanel } from './entry-panel.tsx';
import { stateText } from './entry-state.tsx';
import { EntryTable } from './entry-table.tsx';
import { NoEntries } from './no-entries.tsx';
import { RefreshDialog } from './refresh-dialog.tsx';
import { Refreshes } from './refreshes.tsx';
import { Tools } from './tools.tsx';
import './allow-list.css';

/** Every entry of the image list with what it comes to on this machine. */
export default function AllowListPage() {
  const list = useLive('allowList');
  const { t } = useTranslation();
  return list === undefined ? <p className="quiet page-note">{t('common.loading')}</p> : <Resolved list={list} />;
}

function Resolved({ list }: { list: AllowList }) {
  const { t } = useTranslation();
  const { values } = useAddress();
  const change = (changes: Readonly<Record<string, string>>) =>
    goTo({ page: 'allow-list', values: { ...values, ...changes } }, { replace: true });
  const filter = values.filter ?? '';
  const shown = list.entries.filter((entry) => fits(entry, t(stateText(entry)), filter));
  const chosen = list.entries.find(({ entry }) => entry === values.entry);
  const refreshing = (values.refresh ?? '').split(' ').filter((image) => image !== '');
  const refresh = (images: readonly string[]) => change({ refresh: images.join(' ') });
  return (
    <div className="beside-panel">
      <div className="listing allow-list-main">
        <Tools list={list} filter={filter} setFilter={(text) => change({ filter: text })} refresh={refresh} />
        {list.problem !== undefined && (
          <p className="page-note" role="alert">
            {t('allowList.engineAway', { problem: list.problem })}
          </p>
        )}
        <Refreshes />
        {shown.length > 0 ? (
          <EntryTable
            entries={shown}
            chosen={chosen?.entry}
            choose={(entry) => change({ entry: entry ?? '' })}
            refresh={refresh}
          />
        ) : (
          <NoEntries isClosed={list.closed} filter={filter} clear={() => change({ filter: '' })} />
        )}
      </div>
      {chosen !== undefined && (
        <EntryPanel
          entry={chosen}
          file={list.file}
          isDerivedAllowed={list.allowDerivedImages}
          close={() => change({ entry: '' })}
          refresh={refresh}
        />
      )}
      {refreshing.length > 0 && <RefreshDialog images={refreshing} close={() => change({ refresh: '' })} />}
    </div>
  );
}

/** By what is written in the row, images among it. */
function fits({ entry, normalised, images }: AllowListEntry, state: string, filter: string): boolean {
  const texts = [entry, normalised, state, ...images.flatMap(({ name }) => name ?? [])];
  return texts.some((text) => text.toLowerCase().includes(filter.trim().toLowerCase()));
}
