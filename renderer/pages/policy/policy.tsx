import { useTranslation } from 'react-i18next';
import type { PolicyDescription } from '../../../shared/ipc/policy.ts';
import { useLive } from '../../live/live.tsx';
import { ScrolledPage } from '../../parts/scrolled-page.tsx';
import { Editing } from './editing.tsx';
import { Observing } from './observing.tsx';
import { Remarks } from './remarks.tsx';
import { Values } from './values.tsx';
import './policy.css';

/** What is in force, where each value comes from, and the user's own settings file to change it. */
export default function PolicyPage() {
  const policy = useLive('policy');
  const { t } = useTranslation();
  if (policy === undefined) return <p className="quiet page-note">{t('common.loading')}</p>;
  return (
    <ScrolledPage className="policy" label={t('policy.all')}>
      <InForce policy={policy} />
      <Observing />
      <Editing generation={policy.generation} />
    </ScrolledPage>
  );
}

function InForce({ policy }: { policy: PolicyDescription }) {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('policy.inForce')}</h2>
      {policy.kind === 'closed' && <p>{t('policy.closed')}</p>}
      {policy.lastGoodFrom !== undefined && <p>{t('policy.lastGood')}</p>}
      <Remarks remarks={policy.problems} tone="bad" />
      <Remarks remarks={policy.warnings} tone="warn" />
      {policy.values.length > 0 && <Values values={policy.values} />}
    </section>
  );
}
