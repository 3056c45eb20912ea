import { useTranslation } from 'react-i18next';
import { useLive } from '../../live/live.tsx';
import { FilteredHolders } from './filtered-holders.tsx';
import { RawHolders } from './raw-holders.tsx';

/** Who can command the engine: through Lockkeeper, and past it. */
export default function ContainersPage() {
  const containers = useLive('containers');
  const { t } = useTranslation();
  if (containers === undefined) return <p className="quiet page-note">{t('common.loading')}</p>;
  return (
    <div className="sections">
      {containers.problem !== undefined && (
        <p className="page-note">{t('containers.problem', { problem: containers.problem })}</p>
      )}
      <RawHolders holders={containers.raw} />
      <FilteredHolders holders={containers.filtered} />
    </div>
  );
}
