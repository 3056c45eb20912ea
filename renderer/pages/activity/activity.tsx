import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../../live/live.tsx';
import { goTo, useAddress } from '../../shell/use-address.ts';
import { Chart } from './chart.tsx';
import { DecisionList } from './decision-list.tsx';
import { DecisionPanel } from './decision-panel.tsx';
import { type EventStore, openEventStore } from './event-store.ts';
import { GroupTable } from './group-table.tsx';
import { groupings } from './groups.ts';
import { parseQuery, withTerm } from './query.ts';
import { type Show, shows } from './shows.ts';
import { Toolbar } from './toolbar.tsx';
import { useMatches } from './use-matches.ts';
import './activity.css';

/** What a choice of `Show` adds to the search, unless the search says itself which decisions it wants. */
const terms: Readonly<Record<Show, string>> = {
  blocked: 'decision:blocked,observed',
  decided: '-decision:passed',
  all: '',
};

const stores = new WeakMap<object, EventStore>();

/** One store as long as the page is open, so that nothing is missed while another page is shown. */
function useEventStore(): EventStore {
  const connection = useConnection();
  let store = stores.get(connection);
  if (store === undefined) {
    store = openEventStore(connection);
    stores.set(connection, store);
  }
  return store;
}

export default function Activity() {
  const store = useEventStore();
  const { values } = useAddress();
  const { t } = useTranslation();
  const search = values.search ?? '';
  const show = shows.find((name) => name === values.show) ?? 'blocked';
  const group = groupings.find((name) => name === values.group) ?? 'none';
  const saysItself = parseQuery(search).terms.some(({ operator }) => operator === 'decision');
  const matches = useMatches(store, saysItself ? search : `${search} ${terms[show]}`.trim());
  const wantsPassed = saysItself || show === 'all';
  useEffect(() => {
    if (wantsPassed) store.wantPassed();
  }, [store, wantsPassed]);
  const selected = values.event === undefined ? undefined : Number(values.event);
  const change = (changes: Readonly<Record<string, string>>, replace = true) =>
    goTo({ page: 'activity', values: { ...values, ...changes } }, { replace });
  const now = useNow();
  return (
    <div className="activity">
      <div className="activity-main">
        <Toolbar search={search} show={show} group={group} matches={matches} missed={store.missed()} change={change} />
        <Chart perMinute={store.refusedPerMinute(now)} />
        {group === 'none' ? (
          <DecisionList
            key={`${search} ${show} ${store.run()}`}
            matches={matches}
            isFiltered={search !== ''}
            selected={selected}
            select={(sequence) => change({ event: String(sequence) })}
            clear={() => change({ search: '', show: 'all' })}
          />
        ) : (
          <GroupTable
            matches={matches}
            by={group}
            label={t(`activity.groups.${group}`)}
            choose={(name) => change({ search: withTerm(search, group, name), group: 'none' }, false)}
          />
        )}
      </div>
      {selected !== undefined && (
        <DecisionPanel
          event={store.decisions().find(({ sequence }) => sequence === selected)}
          close={() => change({ event: '' })}
        />
      )}
    </div>
  );
}

const MINUTE = 60_000;

/** The time, renewed each minute, for what moves by itself. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE / 6);
    return () => clearInterval(timer);
  }, []);
  return now;
}
