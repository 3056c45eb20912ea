import { useTranslation } from 'react-i18next';
import type { PolicyDescription } from '../../../shared/ipc/policy.ts';

type Value = PolicyDescription['values'][number];

/** Every value with where it comes from, and whether an administrator locks it. */
export function Values({ values }: { values: readonly Value[] }) {
  const { t } = useTranslation();
  return (
    <table className="table values">
      <thead>
        <tr>
          <th scope="col">{t('policy.columns.setting')}</th>
          <th scope="col">{t('policy.columns.value')}</th>
          <th scope="col">{t('policy.columns.from')}</th>
        </tr>
      </thead>
      <tbody>
        {values.map((one) => (
          <tr key={one.path}>
            <th scope="row">
              <code title={one.path}>{shortPath(one.path)}</code>
            </th>
            <td>
              <code>{words(one.value)}</code>
            </td>
            <td>
              <Origin origin={one.origin} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Origin({ origin: { source, file, locked } }: Pick<Value, 'origin'>) {
  const { t } = useTranslation();
  return (
    <>
      {t(`policy.origins.${source}`)}
      {locked && <span className="badge">{t('policy.locked')}</span>}
      {file !== undefined && <code className="beneath quiet">{file}</code>}
    </>
  );
}

/** The section is the same for most of them and says nothing; the whole path is on the hover. */
function shortPath(path: string): string {
  return path.replace(/^enhancedContainerIsolation\.(dockerSocketMount\.)?/, '');
}

function words(value: Value['value']): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.join('\n');
  return JSON.stringify(value);
}
