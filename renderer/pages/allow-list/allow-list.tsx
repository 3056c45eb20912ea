import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { AllowList, AllowListEntry } from '../../../shared/ipc/allow-list.ts';
import { useConnection, useLive } from '../../live/live.tsx';
import { Empty } from '../../parts/empty.tsx';
import { goTo, useAddress } from '../../shell/use-address.ts';
import { EntryPanel } from './entry-panel.tsx';
import { EntryTable } from './entry-table.tsx';
import { RefreshDialog } from './refresh-dialog.tsx';
import { Refreshes } from './refreshes.tsx';
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
  const filter = (values.filter ?? '').toLowerCase();
  const shown = list.entries.filter((entry) => fits(entry, filter));
  const chosen = list.entries.find(({ entry }) => entry === values.entry) ?? entryOf(list, values.image);
  const refreshing = (values.refresh ?? '').split(' ').filter((image) => image !== '');
  return (
    <div className="allow-list">
      <div className="allow-list-main">
        <Tools list={list} filter={values.filter ?? ''} change={change} />
        {list.problem !== undefined && (
          <p className="page-note">{t('allowList.engineAway', { problem: list.problem })}</p>
        )}
        <Refreshes />
        {shown.length > 0 ? (
          <EntryTable
            entries={shown}
            chosen={chosen?.entry}
            choose={(entry) => change({ entry, image: '' })}
            refresh={(images) => change({ refresh: images.join(' ') })}
          />
        ) : (
          <NoEntries isFiltered={filter !== ''} />
        )}
      </div>
      {chosen !== undefined && (
        <EntryPanel
          entry={chosen}
          close={() => change({ entry: '', image: '' })}
          refresh={(images) => change({ refresh: images.join(' ') })}
        />
      )}
      {refreshing.length > 0 && <RefreshDialog images={refreshing} close={() => change({ refresh: '' })} />}
    </div>
  );
}

interface ToolsProps {
  readonly list: AllowList;
  readonly filter: string;
  readonly change: (changes: Readonly<Record<string, string>>) => void;
}

function Tools({ list, filter, change }: ToolsProps) {
  const { t } = useTranslation();
  const connection = useConnection();
  const [isAsking, setAsking] = useState(false);
  const stale = list.entries.filter(({ state }) => state === 'stale');
  const ask = async () => {
    setAsking(true);
    await connection.request('resolveAllowList', {});
    setAsking(false);
  };
  return (
    <search className="toolbar">
      <input
        type="search"
        className="field toolbar-search"
        aria-label={t('allowList.filter')}
        placeholder={t('allowList.filter')}
        value={filter}
        onChange={(event) => change({ filter: event.target.value })}
      />
      <span className="quiet">
        {t('allowList.summary', { count: list.entries.length })}
        {stale.length > 0 && ` · ${t('allowList.stale', { count: stale.length })}`}
      </span>
      <Button className="button" isDisabled={isAsking} onPress={() => void ask()}>
        {t('allowList.resolve')}
      </Button>
      {stale.length > 0 && (
        <Button
          className="button button-main"
          onPress={() => change({ refresh: [...new Set(stale.flatMap(({ refreshable }) => refreshable))].join(' ') })}
        >
          {t('allowList.refreshAll')}
        </Button>
      )}
      <p className="quiet toolbar-line">
        {t(list.allowDerivedImages ? 'allowList.derivedOn' : 'allowList.derivedOff')}
      </p>
    </search>
  );
}

const EXAMPLE = `"imageList": {
  "images": ["docker.io/localstack/localstack:*", "docker.io/testcontainers/ryuk:*"]
}`;

function NoEntries({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation();
  if (isFiltered) return <Empty title={t('allowList.noMatch')} />;
  return (
    <Empty title={t('allowList.empty')}>
      <p>{t('allowList.emptyHow')}</p>
      <pre>{EXAMPLE}</pre>
    </Empty>
  );
}

function fits({ entry, normalised, state }: AllowListEntry, filter: string): boolean {
  return [entry, normalised, state].some((text) => text.toLowerCase().includes(filter));
}

/** The entry that an image of this machine belongs to. */
function entryOf({ entries }: AllowList, image: string | undefined): AllowListEntry | undefined {
  if (image === undefined || image === '') return undefined;
  return entries.find(({ normalised, images }) => normalised === image || images.some(({ name }) => name === image));
}
