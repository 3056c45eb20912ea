import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useLive } from '../../live/live.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { familiarImage } from '../../parts/image-name.ts';
import { SidePanel } from '../../parts/side-panel.tsx';
import { StateWord } from '../../parts/state-word.tsx';
import { DecisionActions } from './decision-actions.tsx';
import { outcomeTones } from './decision-row.tsx';
import type { Decision } from './event-store.ts';

interface DecisionPanelProps {
  /** Undefined when the page does not have it. */
  readonly event: Decision | undefined;
  readonly close: () => void;
}

export function DecisionPanel({ event, close }: DecisionPanelProps) {
  const { t } = useTranslation();
  if (event === undefined) {
    return (
      <SidePanel title={t('activity.list')} onClose={close}>
        <p className="quiet">{t('activity.panel.gone')}</p>
      </SidePanel>
    );
  }
  return (
    <SidePanel title={event.command ?? event.operation} onClose={close}>
      <StateWord tone={outcomeTones[event.outcome]}>{t(`activity.outcomes.${event.outcome}`)}</StateWord>
      <p className="why">{sentence(t, event)}</p>
      {event.outcome === 'observed' && <p className="note">{t('activity.panel.observed')}</p>}
      {event.reason !== undefined && (
        <>
          <h3>{t('activity.panel.remedy')}</h3>
          <p>{t(`reasons.${event.reason}.remedy`)}</p>
          <DecisionActions key={event.sequence} event={event} />
        </>
      )}
      <Particulars event={event} />
      {event.message !== undefined && (
        <>
          <h3>{t(event.outcome === 'observed' ? 'activity.panel.wouldSay' : 'activity.panel.message')}</h3>
          <pre>{event.message}</pre>
        </>
      )}
      <CopyButton text={JSON.stringify(event, null, 2)} label={t('activity.panel.copyEvent')} />
    </SidePanel>
  );
}

/** What happened and why, in one sentence. */
function sentence(t: TFunction, event: Decision): string {
  const image = event.image ?? event.caller.image ?? '';
  const values = { command: event.command ?? event.operation, image: familiarImage(image), rule: event.rule ?? '' };
  if (event.reason !== undefined) return t(`reasons.${event.reason}.why`, values);
  return t(event.outcome === 'granted' ? 'activity.panel.granted' : 'activity.panel.passed', values);
}

function Particulars({ event }: { event: Decision }) {
  const { t, i18n } = useTranslation();
  const { caller } = event;
  const container = useContainerName(caller.containerId);
  const rule = event.rule ?? (event.outcome === 'refused' ? t('activity.panel.builtIn') : undefined);
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t('activity.panel.rule'), rule],
    [t('activity.panel.file'), event.file],
    [t('activity.panel.request'), `${event.method} ${event.path}`],
    [t('activity.columns.who'), caller.image ?? caller.socket ?? t('activity.host')],
    [t('activity.panel.container'), [container, caller.containerId].filter(Boolean).join('\n')],
    [t('activity.panel.image'), event.image],
    [t('activity.panel.escapes'), escapesOf(t, event)],
    [t('activity.panel.reason'), event.reason],
    [t('activity.panel.time'), new Date(event.time).toLocaleString(i18n.language)],
  ];
  return (
    <dl className="particulars">
      {rows.map(
        ([name, value]) =>
          value !== undefined &&
          value !== '' && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** What leads out of the container and went on, a line each. */
function escapesOf(t: TFunction, { escapes = [], unprivileged }: Decision): string {
  return [...escapes, ...(unprivileged === true ? [t('activity.panel.unprivileged')] : [])].join('\n');
}

/** The name of a container that has a filtered socket now. */
function useContainerName(containerId: string | undefined): string | undefined {
  const holders = useLive('containers')?.filtered ?? [];
  return holders.find((holder) => holder.containerId === containerId)?.name;
}
