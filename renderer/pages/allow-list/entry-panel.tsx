import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { type AllowListEntry, isBehind } from '../../../shared/ipc/allow-list.ts';
import { Ago } from '../../parts/ago.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Particular } from '../../parts/particular.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { EntryState } from './entry-state.tsx';
import { ListedImages, Names } from './listed-images.tsx';

interface EntryPanelProps {
  readonly entry: AllowListEntry;
  /** The settings file that lists it. */
  readonly file: string | undefined;
  readonly isDerivedAllowed: boolean;
  readonly close: () => void;
  readonly refresh: (images: readonly string[]) => void;
}

export function EntryPanel({ entry, file, isDerivedAllowed, close, refresh }: EntryPanelProps) {
  const { t } = useTranslation();
  const { state, detail, trouble, derived, holders } = entry;
  return (
    <SidePanel title={entry.entry} onClose={close}>
      <EntryState entry={entry} />
      <p className="why">{t(`allowList.stateWords.${state}`)}</p>
      {trouble !== undefined && <p className="why">{t(`troubles.${trouble}.words`)}</p>}
      {detail !== undefined && <p className="detail">{detail}</p>}
      <div className="actions">
        {entry.refreshable.length > 0 && (
          <Button
            className={isBehind(state) ? 'button button-main' : 'button'}
            onPress={() => refresh(entry.refreshable)}
          >
            {t(state === 'not-local' ? 'allowList.pull' : 'allowList.refresh')}
          </Button>
        )}
        <CopyButton text={entry.entry} label={t('allowList.panel.copyEntry')} />
        {entry.registryDigest !== undefined && (
          <CopyButton text={entry.registryDigest} label={t('allowList.panel.copyDigest')} />
        )}
      </div>
      <Particulars entry={entry} file={file} />
      {entry.kind !== 'everything' && entry.kind !== 'unreadable' && (
        <>
          <ListedImages images={entry.images} />
          <Names
            title={t('allowList.panel.derived')}
            names={derived.map(({ imageId, names }) => names[0] ?? imageId)}
            none={t(isDerivedAllowed ? 'allowList.none' : 'allowList.panel.derivedOff')}
          />
        </>
      )}
      {entry.kind !== 'unreadable' && (
        <Names
          title={t('allowList.panel.holders')}
          names={holders.map(({ name, containerId }) => name || containerId.slice(0, 12))}
          none={t('allowList.none')}
        />
      )}
    </SidePanel>
  );
}

function Particulars({ entry, file }: Pick<EntryPanelProps, 'entry' | 'file'>) {
  const { t } = useTranslation();
  const { normalised, kind, state, registryDigest, confirmedAt, unreachableSince, countsUntil } = entry;
  return (
    <dl className="particulars">
      {normalised !== '' && (
        <Particular name={t('allowList.panel.normalised')}>
          <code>{normalised}</code>
        </Particular>
      )}
      <Particular name={t('allowList.panel.kind')}>{t(`allowList.kinds.${kind}`)}</Particular>
      {registryDigest !== undefined && (
        <Particular name={t(kind === 'pinned' ? 'allowList.panel.pinnedDigest' : 'allowList.panel.registryDigest')}>
          <Digest value={registryDigest} />
        </Particular>
      )}
      {confirmedAt !== undefined && (
        <Particular name={t('allowList.panel.confirmedAt')}>
          <Ago time={confirmedAt} />
        </Particular>
      )}
      {unreachableSince !== undefined && (
        <Particular name={t('allowList.panel.unreachableSince')}>
          <Moment time={unreachableSince} />
        </Particular>
      )}
      {countsUntil !== undefined && (
        <Particular name={t(state === 'previous' ? 'allowList.panel.allowedUntil' : 'allowList.panel.countsUntil')}>
          <Moment time={countsUntil} />
        </Particular>
      )}
      {file !== undefined && kind !== 'unreadable' && (
        <Particular name={t('allowList.panel.file')}>
          <code>{file}</code>
        </Particular>
      )}
    </dl>
  );
}
