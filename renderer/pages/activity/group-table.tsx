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

export function GroupTable({ matches, by, label, choose }: GroupTableProps) {
  const { t } = useTranslation();
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
          {groupDecisions(matches, by).map(({ name, count, refused, last }) => (
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
    </div>
  );
}
