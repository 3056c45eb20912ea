import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RefreshProgress } from '../../../shared/ipc/refresh.ts';
import { useConnection, useLive } from '../../live/live.tsx';
import { StateWord, type Tone } from '../../parts/state-word.tsx';

const tones: Readonly<Record<RefreshProgress['stage'], Tone>> = {
  asking: 'neutral',
  pulling: 'neutral',
  removing: 'neutral',
  done: 'good',
  failed: 'bad',
  cancelled: 'warn',
};

/** The refreshes under way and those that have just ended. */
export function Refreshes() {
  const refreshes = useLive('refreshes') ?? [];
  return (
    <ul className="refreshes" aria-live="polite">
      {refreshes.map((refresh) => (
        <li key={refresh.id}>
          <Refresh refresh={refresh} />
        </li>
      ))}
    </ul>
  );
}

function Refresh({ refresh: { id, image, stage, layers, detail } }: { refresh: RefreshProgress }) {
  const { t } = useTranslation();
  const connection = useConnection();
  return (
    <section className="refresh" aria-label={image}>
      <div className="refresh-head">
        <code>{image}</code>
        <StateWord tone={tones[stage]}>{t(`allowList.refreshing.stages.${stage}`)}</StateWord>
        {(stage === 'pulling' || stage === 'asking') && (
          <Button className="button" onPress={() => void connection.request('cancelRefresh', { id })}>
            {t('allowList.refreshing.cancel')}
          </Button>
        )}
      </div>
      {detail !== undefined && <p>{detail}</p>}
      {stage === 'pulling' && (
        <ul className="layers" aria-label={t('allowList.refreshing.layers')}>
          {layers.map((layer) => (
            <li key={layer.id}>
              <code>{layer.id}</code>
              <progress max={layer.total ?? 1} value={layer.current ?? 0} aria-label={layer.id} />
              <span className="quiet">{layer.status}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
