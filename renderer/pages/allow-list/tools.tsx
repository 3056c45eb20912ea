import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { type AllowList, isBehind } from '../../../shared/ipc/allow-list.ts';
import { useConnection } from '../../live/live.tsx';
import { FilterField } from '../../parts/filter-field.tsx';

interface ToolsProps {
  readonly list: AllowList;
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
  readonly refresh: (images: readonly string[]) => void;
}

/** The filter, the counts, and what can be done for all entries at once. */
export function Tools({ list, filter, setFilter, refresh }: ToolsProps) {
  const { t } = useTranslation();
  const { isAsking, problem, ask } = useAsking();
  const stale = list.entries.filter(({ state }) => isBehind(state));
  return (
    <search className="toolbar">
      <FilterField label={t('allowList.filter')} text={filter} change={setFilter} />
      <span className="quiet" role="status">
        {t('allowList.summary', { count: list.entries.length })}
        {stale.length > 0 && ` · ${t('allowList.stale', { count: stale.length })}`}
      </span>
      <Button className="button" isDisabled={isAsking} onPress={() => void ask()}>
        {t(isAsking ? 'allowList.asking' : 'allowList.resolve')}
      </Button>
      {stale.length > 0 && (
        <Button
          className="button button-main"
          onPress={() => refresh([...new Set(stale.flatMap(({ refreshable }) => refreshable))])}
        >
          {t('allowList.refreshAll')}
        </Button>
      )}
      {list.entries.length > 0 && (
        <p className="quiet toolbar-line">
          {t(list.allowDerivedImages ? 'allowList.derivedOn' : 'allowList.derivedOff')}
        </p>
      )}
      {problem !== undefined && (
        <p className="toolbar-problem" role="alert">
          {t('allowList.askFailed', { problem })}
        </p>
      )}
    </search>
  );
}

function useAsking() {
  const connection = useConnection();
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const ask = async () => {
    setAsking(true);
    setProblem(undefined);
    const answer = await connection.request('resolveAllowList', {});
    if (!answer.ok) setProblem(answer.error.message);
    setAsking(false);
  };
  return { isAsking, problem, ask };
}
