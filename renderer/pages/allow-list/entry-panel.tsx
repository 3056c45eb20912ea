import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { AllowListEntry } from '../../../shared/ipc/allow-list.ts';
import { Ago } from '../../parts/ago.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Digest } from '../../parts/digest.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { EntryState } from './entry-state.tsx';

interface EntryPanelProps {
  readonly entry: AllowListEntry;
  readonly close: () => void;
  readonly refresh: (images: readonly string[]) => void;
}

export function EntryPanel({ entry, close, refresh }: EntryPanelProps) {
  const { t } = useTranslation();
  return (
    <SidePanel title={entry.entry} onClose={close}>
      <EntryState state={entry.state} />
      <p className="why">{t(`allowList.stateWords.${entry.state}`)}</p>
      {entry.detail !== undefined && <p>{entry.detail}</p>}
      <div className="actions">
        {entry.refreshable.length > 0 && (
          <Button
            className={entry.state === 'stale' ? 'button button-main' : 'button'}
            onPress={() => refresh(entry.refreshable)}
          >
            {t('allowList.refresh')}
          </Button>
        )}
        <CopyButton text={entry.normalised} />
      </div>
      <dl className="particulars">
        <Row name={t('allowList.panel.normalised')}>
          <code>{entry.normalised}</code>
        </Row>
        <Row name={t('allowList.panel.kind')}>{t(`allowList.kinds.${entry.kind}`)}</Row>
        {entry.registryDigest !== undefined && (
          <Row name={t('allowList.panel.registryDigest')}>
            <Digest value={entry.registryDigest} />
          </Row>
        )}
        {entry.confirmedAt !== undefined && (
          <Row name={t('allowList.panel.confirmedAt')}>
            <Ago time={entry.confirmedAt} />
          </Row>
        )}
        {entry.unreachableSince !== undefined && (
          <Row name={t('allowList.panel.unreachableSince')}>
            <Ago time={entry.unreachableSince} />
          </Row>
        )}
      </dl>
      <Images entry={entry} />
      <Names
        title={t('allowList.panel.derived')}
        names={entry.derived.map(({ imageId, names }) => names[0] ?? imageId)}
      />
      <Names
        title={t('allowList.panel.holders')}
        names={entry.holders.map(({ name, containerId }) => name || containerId)}
      />
    </SidePanel>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Images({ entry: { images } }: { entry: AllowListEntry }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('allowList.panel.images')}</h3>
      {images.length === 0 && <p className="quiet">{t('allowList.none')}</p>}
      <ul>
        {images.map(({ name, imageId, digest, isConfirmed }) => (
          <li key={`${name} ${imageId}`}>
            <code>{name ?? imageId}</code> {digest !== undefined && <Digest value={digest} />}{' '}
            <span className="quiet">
              {t(isConfirmed ? 'allowList.panel.confirmed' : 'allowList.panel.notConfirmed')}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{title}</h3>
      {names.length === 0 && <p className="quiet">{t('allowList.none')}</p>}
      <ul>
        {names.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
