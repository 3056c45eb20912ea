import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { PolicyChange } from '../../../shared/ipc/policy-change.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { entryAddress, refreshAddress } from './allow-list-links.ts';
import type { Decision } from './event-store.ts';
import { PolicyChangeDialog } from './policy-change.tsx';
import { useSuggestion } from './use-suggestion.ts';

/** What can be done about a refused request. */
export function DecisionActions({ event }: { event: Decision }) {
  const { t } = useTranslation();
  const suggestion = useSuggestion(event);
  const [asked, setAsked] = useState<PolicyChange>();
  const [written, setWritten] = useState<string>();
  const refresh = refreshAddress(event);
  const entry = entryAddress(event);
  const close = () => setAsked(undefined);
  const done = (file: string) => {
    setWritten(file);
    close();
  };
  return (
    <>
      <div className="actions">
        {refresh !== undefined && (
          <a className="button button-main" href={refresh}>
            {t('activity.panel.refresh')}
          </a>
        )}
        {suggestion?.kind === 'change' && (
          <>
            <Button className="button" onPress={() => setAsked(suggestion.change)}>
              {suggestion.lockedBy === undefined
                ? t('activity.panel.allow')
                : t('activity.panel.lockedBy', { file: suggestion.lockedBy })}
            </Button>
            <CopyButton text={suggestion.snippet} label={t('activity.panel.snippet')} />
          </>
        )}
        {entry !== undefined && (
          <a className="button" href={entry}>
            {t('activity.panel.entry')}
          </a>
        )}
      </div>
      {written !== undefined && <p role="status">{t('activity.change.written', { file: written })}</p>}
      {suggestion?.kind === 'allowed-by-now' && <p className="quiet">{t('activity.change.allowedByNow')}</p>}
      {suggestion?.kind === 'none' && <p className="quiet">{t('activity.change.none')}</p>}
      {asked !== undefined && <PolicyChangeDialog change={asked} close={close} done={done} />}
    </>
  );
}
