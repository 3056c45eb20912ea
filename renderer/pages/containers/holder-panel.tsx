import { useTranslation } from 'react-i18next';
import { formatAddress } from '../../../shared/ipc/address.ts';
import type { FilteredHolder, RawHolder } from '../../../shared/ipc/containers.ts';
import { Ago } from '../../parts/ago.tsx';
import { Command } from '../../parts/command.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Particular } from '../../parts/particular.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { CutOff } from './cut-off.tsx';
import type { HolderRow, HolderState } from './holder-rows.ts';
import { HolderStateWord } from './holder-state.tsx';

const SHORT_ID = 12;

export function HolderPanel({ row, close }: { row: HolderRow | undefined; close: () => void }) {
  const { t } = useTranslation();
  if (row === undefined) {
    return (
      <SidePanel title={t('containers.list')} onClose={close}>
        <p className="quiet">{t('containers.panel.gone')}</p>
      </SidePanel>
    );
  }
  return (
    <SidePanel title={row.name} onClose={close}>
      <HolderStateWord state={row.state} />
      {row.kind === 'raw' ? (
        <RawDetails holder={row.holder} state={row.state} />
      ) : (
        <FilteredDetails holder={row.holder} state={row.state} />
      )}
    </SidePanel>
  );
}

function RawDetails({ holder, state }: { holder: RawHolder; state: HolderState }) {
  const { t } = useTranslation();
  const { containerId, name, image, source, leadsTo, doubt = '' } = holder;
  return (
    <>
      <p className="why">{t(`containers.why.${state}`, { doubt })}</p>
      {state !== 'doubtful' && (
        <>
          <p>{t('containers.rawRemedy')}</p>
          <Command text={`docker rm -f ${name}`} />
        </>
      )}
      <dl className="particulars">
        <Particular name={t('containers.panel.source')}>{source !== '' && <code>{source}</code>}</Particular>
        <Particular name={t('containers.panel.leadsTo')}>{leadsTo !== undefined && <code>{leadsTo}</code>}</Particular>
        <Particular name={t('containers.panel.image')}>
          <code>{image}</code>
        </Particular>
        <Particular name={t('containers.panel.id')}>
          <code>{containerId}</code>
        </Particular>
      </dl>
      <CopyButton text={containerId} label={t('containers.copyId')} />
    </>
  );
}

function FilteredDetails({ holder, state }: { holder: FilteredHolder; state: HolderState }) {
  const { t } = useTranslation();
  const { containerId, name, image, entry, derivedFrom, targets, since, cutOffSince } = holder;
  const { requests, refused, refusedBecause: because = '' } = holder;
  const shown = formatAddress({
    page: 'activity',
    values: { search: `container:${containerId.slice(0, SHORT_ID)}`, show: 'all' },
  });
  return (
    <>
      <p className="why">{t(`containers.why.${state}`, { because })}</p>
      {state === 'needs-restart' && <Command text={`docker restart ${name}`} />}
      <CutOff key={holder.key} holder={holder} />
      <dl className="particulars">
        <Particular name={t('containers.panel.cutOffSince')}>
          {cutOffSince !== undefined && <Ago time={cutOffSince} />}
        </Particular>
        <Particular name={t('containers.panel.requests')}>
          <a href={shown}>{t('containers.panel.requestCounts', { requests, refused })}</a>
        </Particular>
        <Particular name={t('containers.panel.by')}>
          <a href={formatAddress({ page: 'allow-list', values: { entry } })}>
            <code>{entry}</code>
          </a>
        </Particular>
        <Particular name={t('containers.panel.derivedFrom')}>
          {derivedFrom !== undefined && <code>{derivedFrom}</code>}
        </Particular>
        <Particular name={t('containers.panel.image')}>
          <code>{image}</code>
        </Particular>
        <Particular name={t('containers.panel.targets')}>
          <code>{targets.join('\n')}</code>
        </Particular>
        <Particular name={t('containers.panel.since')}>{since !== undefined && <Ago time={since} />}</Particular>
        <Particular name={t('containers.panel.id')}>
          <code>{containerId}</code>
        </Particular>
      </dl>
      <CopyButton text={containerId} label={t('containers.copyId')} />
    </>
  );
}
