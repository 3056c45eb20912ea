import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { AllowListEntry } from '../../../shared/ipc/allow-list.ts';
import { Ago } from '../../parts/ago.tsx';
import { Digest } from '../../parts/digest.tsx';
import { EntryState } from './entry-state.tsx';

interface EntryTableProps {
  readonly entries: readonly AllowListEntry[];
  readonly chosen: string | undefined;
  readonly choose: (entry: string) => void;
  readonly refresh: (images: readonly string[]) => void;
}

export function EntryTable({ entries, chosen, choose, refresh }: EntryTableProps) {
  const { t } = useTranslation();
  return (
    <div className="table-box">
      <table className="table">
        <thead>
          <tr>
            <th>{t('allowList.columns.entry')}</th>
            <th>{t('allowList.columns.state')}</th>
            <th>{t('allowList.columns.registry')}</th>
            <th>{t('allowList.columns.local')}</th>
            <th className="number">{t('allowList.columns.holders')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.entry} className={entry.entry === chosen ? 'chosen' : undefined}>
              <td>
                <button type="button" className="link" onClick={() => choose(entry.entry)}>
                  <code>{entry.entry}</code>
                </button>
              </td>
              <td>
                <EntryState state={entry.state} />
              </td>
              <td>
                <AtRegistry entry={entry} />
              </td>
              <td>
                <OnThisMachine entry={entry} />
              </td>
              <td className="number">{entry.holders.length}</td>
              <td>
                {entry.state === 'stale' && (
                  <Button className="button" onPress={() => refresh(entry.refreshable)}>
                    {t('allowList.refresh')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AtRegistry({ entry: { registryDigest, confirmedAt } }: { entry: AllowListEntry }) {
  if (registryDigest === undefined) return <span className="quiet">—</span>;
  return (
    <>
      <Digest value={registryDigest} />
      {confirmedAt !== undefined && (
        <span className="quiet beneath">
          <Ago time={confirmedAt} />
        </span>
      )}
    </>
  );
}

function OnThisMachine({ entry: { images } }: { entry: AllowListEntry }) {
  const { t } = useTranslation();
  const [first, ...others] = images;
  if (first === undefined) return <span className="quiet">—</span>;
  if (others.length > 0) return <span>{t('allowList.images', { count: images.length })}</span>;
  return (
    <>
      <Digest value={first.digest ?? first.imageId} />
      {first.createdAt !== undefined && (
        <span className="quiet beneath">
          {t('allowList.panel.created')} <Ago time={first.createdAt} />
        </span>
      )}
    </>
  );
}
