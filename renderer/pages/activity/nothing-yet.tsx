import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { socketUrl } from '../../../shared/engine-api/socket-url.ts';
import { useStatus } from '../../live/live.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Empty } from '../../parts/empty.tsx';

/** An empty list teaches: how to see something blocked, or that the search is what hides it. */
export function NothingYet({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  const { t } = useTranslation();
  const status = useStatus();
  if (isFiltered) {
    return (
      <Empty title={t('activity.empty.noMatch')}>
        <Button className="button" onPress={clear}>
          {t('activity.empty.clear')}
        </Button>
      </Empty>
    );
  }
  const socket = status === undefined ? '' : `-H ${socketUrl(status.hostGate)} `;
  const command = `docker ${socket}run --rm -v /var/run/docker.sock:/var/run/docker.sock alpine true`;
  return (
    <Empty title={t('activity.empty.nothing')}>
      <p>{t('activity.empty.tryIt')}</p>
      <pre>{command}</pre>
      <CopyButton text={command} />
    </Empty>
  );
}
