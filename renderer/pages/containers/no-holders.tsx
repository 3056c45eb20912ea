import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { socketUrl } from '../../../shared/engine-api/socket-url.ts';
import { useStatus } from '../../live/live.tsx';
import { Command } from '../../parts/command.tsx';
import { Empty } from '../../parts/empty.tsx';

/** An empty list teaches how a container comes to hold a socket, or that the filter is what hides them. */
export function NoHolders({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  const { t } = useTranslation();
  const status = useStatus();
  if (isFiltered) {
    return (
      <Empty title={t('containers.noMatch')}>
        <Button className="button" onPress={clear}>
          {t('containers.clear')}
        </Button>
      </Empty>
    );
  }
  const socket = status === undefined ? '' : `-H ${socketUrl(status.hostGate)} `;
  return (
    <Empty title={t('containers.none')}>
      <p>{t('containers.noneWhy')}</p>
      <Command text={`docker ${socket}run --rm -it -v /var/run/docker.sock:/var/run/docker.sock docker:cli sh`} />
    </Empty>
  );
}
