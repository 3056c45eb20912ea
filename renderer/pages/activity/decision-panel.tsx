import type { TFunction } from 'i18next';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../parts/copy-button.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { StateWord } from '../../parts/state-word.tsx';
import { entryAddress, refreshAddress } from './allow-list-links.ts';
import { outcomeTones } from './decision-row.tsx';
import type { Decision } from './event-store.ts';
import { PolicyChangeDialog, useSuggestion } from './policy-change.tsx';

interface DecisionPanelProps {
  readonly event: Decision | undefined;
  readonly run: string;
  readonly close: () => void;
}

export function DecisionPanel({ event, run, close }: DecisionPanelProps) {
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
      {event.reason !== undefined && (
        <>
          <h3>{t('activity.panel.remedy')}</h3>
          <p>{t(`reasons.${event.reason}.remedy`)}</p>
          <Actions event={event} run={run} />
        </>
      )}
      {event.message !== undefined && (
        <>
          <h3>{t('activity.panel.message')}</h3>
          <pre>{event.message}</pre>
        </>
      )}
      <Particulars event={event} />
      <CopyButton text={JSON.stringify(event, null, 2)} label={t('activity.panel.copyEvent')} />
    </SidePanel>
  );
}

/** What happened and why, in one sentence. */
function sentence(t: TFunction, event: Decision): string {
  const values = {
    command: event.command ?? event.operation,
    image: event.image ?? event.caller.image ?? '',
    rule: event.rule ?? '',
  };
  if (event.reason !== undefined) return t(`reasons.${event.reason}.why`, values);
  return t(event.outcome === 'granted' ? 'activity.panel.granted' : 'activity.panel.passed', values);
}

function Actions({ event, run }: { event: Decision; run: string }) {
  const { t } = useTranslation();
  const suggestion = useSuggestion(run, event.sequence);
  const [isOpen, setOpen] = useState(false);
  const refresh = refreshAddress(event);
  const entry = entryAddress(event);
  return (
    <div className="actions">
      {refresh !== undefined && (
        <a className="button button-main" href={refresh}>
          {t('activity.panel.refresh')}
        </a>
      )}
      {suggestion?.change !== undefined && (
        <>
          <Button className="button" onPress={() => setOpen(true)}>
            {t('activity.panel.allow')}
          </Button>
          {suggestion.proposal !== undefined && (
            <CopyButton text={suggestion.proposal.snippet} label={t('activity.panel.snippet')} />
          )}
          <PolicyChangeDialog suggestion={suggestion} isOpen={isOpen} close={() => setOpen(false)} />
        </>
      )}
      {suggestion !== undefined && suggestion.change === undefined && (
        <p className="quiet">{t('activity.change.none')}</p>
      )}
      {entry !== undefined && (
        <a className="button" href={entry}>
          {t('activity.panel.entry')}
        </a>
      )}
    </div>
  );
}

function Particulars({ event }: { event: Decision }) {
  const { t, i18n } = useTranslation();
  const { caller } = event;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t('activity.panel.rule'), [event.rule ?? t('activity.panel.builtIn'), event.file].filter(Boolean).join('\n')],
    [t('activity.panel.request'), `${event.method} ${event.path}`],
    [t('activity.columns.who'), caller.image ?? caller.socket ?? t('activity.host')],
    [t('activity.panel.container'), caller.containerId],
    [t('activity.panel.image'), event.image],
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
