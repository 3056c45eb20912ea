import { useTranslation } from 'react-i18next';
import { Ago } from '../../parts/ago.tsx';
import type { Decision } from './event-store.ts';
import { type Grouping, groupDecisions } from './groups.ts';

interface GroupTableProps {
  readonly matches: readonly Decision[];
  readonly by: Exclude<Grouping, 'none'>;
  readonly label: string;
  readonly choose: (name: string) => void;
}

/** Rows that are drawn; whoever looks for one of the others searches for it. */
const MOST_ROWS = 200;

export function GroupTable({ matches, by, label, choose }: GroupTableProps) {
  const { t } = useTranslation();
  const groups = groupDecisions(matches, by);
  const more = groups.length - MOST_ROWS;
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th>{label}</th>
            <th className="number">{t('activity.columns.refused')}</th>
            <th className="number">{t('activity.columns.count')}</th>
            <th>{t('activity.columns.last')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, MOST_ROWS).map(({ name, count, refused, last }) => (
            <tr key={name}>
              <td>
                {name === '' ? (
                  t('activity.host')
                ) : (
                  <button type="button" className="link" onClick={() => choose(name)}>
                    <code>{name}</code>
                  </button>
                )}
              </td>
              <td className="number">{refused}</td>
              <td className="number">{count}</td>
              <td className="quiet">
                <Ago time={last} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="quiet">{t('activity.moreGroups', { count: more })}</p>}
    </div>
  );
}
