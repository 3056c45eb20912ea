import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Empty } from '../../parts/empty.tsx';

const EXAMPLE = `{
  "enhancedContainerIsolation": {
    "dockerSocketMount": {
      "imageList": {
        "images": ["docker.io/localstack/localstack:*", "docker.io/testcontainers/ryuk:*", "docker:cli"]
      }
    }
  }
}`;

interface NoEntriesProps {
  readonly isClosed: boolean;
  readonly filter: string;
  readonly clear: () => void;
}

/** An empty list says why it is empty, and what would fill it. */
export function NoEntries({ isClosed, filter, clear }: NoEntriesProps) {
  const { t } = useTranslation();
  if (filter !== '') {
    return (
      <Empty title={t('allowList.noMatch', { filter })}>
        <Button className="button" onPress={clear}>
          {t('allowList.clearFilter')}
        </Button>
      </Empty>
    );
  }
  if (isClosed) {
    return (
      <Empty title={t('allowList.closed')}>
        <p>{t('allowList.closedHow')}</p>
      </Empty>
    );
  }
  return (
    <Empty title={t('allowList.empty')}>
      <p>{t('allowList.emptyHow')}</p>
      <pre>{EXAMPLE}</pre>
      <CopyButton text={EXAMPLE} />
    </Empty>
  );
}
