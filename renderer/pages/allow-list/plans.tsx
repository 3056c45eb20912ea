import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RefreshPlan } from '../../../shared/ipc/refresh.ts';
import { useConnection } from '../../live/live.tsx';
import { Digest } from '../../parts/digest.tsx';

/** What each refresh would do, as the answers come. */
export function usePlans(images: readonly string[]): readonly RefreshPlan[] {
  const connection = useConnection();
  const [plans, setPlans] = useState<readonly RefreshPlan[]>([]);
  const wanted = images.join(' ');
  useEffect(() => {
    let isWanted = true;
    setPlans([]);
    const ask = async () => {
      // One after the other: a program answers only so many questions of one window at a time.
      for (const image of wanted.split(' ')) {
        const answer = await connection.request('planRefresh', { image });
        if (!isWanted) return;
        const failed = { image, verdict: 'blocked' as const, alsoNamed: [], containers: [], commands: [] };
        const plan = answer.ok ? answer.value : { ...failed, problem: answer.error.message };
        setPlans((known) => [...known, plan]);
      }
    };
    void ask();
    return () => {
      isWanted = false;
    };
  }, [connection, wanted]);
  return plans;
}

/** What a refresh of one image would do. */
export function Plan({ plan }: { plan: RefreshPlan }) {
  const { t } = useTranslation();
  const { image, verdict, problem = '', localImageId, localDigest, registryDigest, alsoNamed } = plan;
  if (verdict === 'current') return <p>{t('allowList.refreshing.current', { image })}</p>;
  if (verdict === 'blocked') return <p role="alert">{t('allowList.refreshing.blocked', { image, problem })}</p>;
  const local = localDigest ?? localImageId;
  return (
    <section className="plan">
      <h3>
        <code>{image}</code>
      </h3>
      <p>
        {t('allowList.refreshing.from')}{' '}
        {local === undefined ? (
          <span className="quiet">{t('allowList.refreshing.notHere')}</span>
        ) : (
          <Digest value={local} />
        )}{' '}
        → {t('allowList.refreshing.to')} {registryDigest !== undefined && <Digest value={registryDigest} />}
      </p>
      {alsoNamed.length > 0 && <p>{t('allowList.refreshing.alsoNamed', { names: alsoNamed.join(', ') })}</p>}
      <Containers containers={plan.containers} />
      <details>
        <summary>{t('allowList.refreshing.commands')}</summary>
        <pre>{plan.commands.join('\n')}</pre>
      </details>
    </section>
  );
}

function Containers({ containers }: Pick<RefreshPlan, 'containers'>) {
  const { t } = useTranslation();
  if (containers.length === 0) return null;
  return (
    <>
      <p>{t('allowList.refreshing.containers')}</p>
      <ul className="plan-containers">
        {containers.map(({ id, name, state, isRunning }) => (
          <li key={id}>
            <code>{name}</code> <span className="quiet">{isRunning ? t('allowList.refreshing.running') : state}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
