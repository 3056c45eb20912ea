import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { isOver, type LayerProgress, type OldImageLeft, type RefreshProgress } from '../../../shared/ipc/refresh.ts';
import { useConnection, useLive } from '../../live/live.tsx';
import { StateWord, type Tone } from '../../parts/state-word.tsx';

const tones: Readonly<Record<RefreshProgress['stage'], Tone>> = {
  waiting: 'neutral',
  asking: 'neutral',
  pulling: 'neutral',
  removing: 'neutral',
  done: 'good',
  current: 'good',
  failed: 'bad',
  cancelled: 'warn',
};

/** The refreshes under way, and those that have ended until they are dismissed or forgotten. */
export function Refreshes() {
  const { t } = useTranslation();
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const shown = (useLive('refreshes') ?? []).filter(({ id }) => !dismissed.has(id));
  if (shown.length === 0) return null;
  return (
    <ul className="refreshes" aria-label={t('allowList.refreshing.list')}>
      {shown.map((refresh) => (
        <li key={refresh.id}>
          <Refresh refresh={refresh} dismiss={() => setDismissed(new Set([...dismissed, refresh.id]))} />
        </li>
      ))}
    </ul>
  );
}

function Refresh({ refresh, dismiss }: { refresh: RefreshProgress; dismiss: () => void }) {
  const { t } = useTranslation();
  const connection = useConnection();
  const { id, image, stage, layers, problem, removedContainers, left } = refresh;
  const canCancel = stage === 'waiting' || stage === 'asking' || stage === 'pulling';
  return (
    <section className="refresh" aria-label={image}>
      <div className="refresh-head">
        <code>{image}</code>
        <span className="refresh-stage" aria-live="polite">
          <StateWord tone={tones[stage]}>{t(`allowList.refreshing.stages.${stage}`)}</StateWord>
        </span>
        {canCancel && (
          <Button className="button" onPress={() => void connection.request('cancelRefresh', { id })}>
            {t('allowList.refreshing.cancel')}
          </Button>
        )}
        {isOver(refresh) && (
          <Button className="icon-button" aria-label={t('allowList.refreshing.dismiss')} onPress={dismiss}>
            <span aria-hidden="true">✕</span>
          </Button>
        )}
      </div>
      {problem !== undefined && <p>{problem}</p>}
      {removedContainers.length > 0 && (
        <p>{t('allowList.refreshing.removed', { names: removedContainers.join(', ') })}</p>
      )}
      {left !== undefined && <Left left={left} />}
      {stage === 'pulling' && layers.length > 0 && (
        <ul className="layers" aria-label={t('allowList.refreshing.layers', { image })}>
          {layers.map((layer) => (
            <li key={layer.id}>
              <Layer layer={layer} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Left({ left: { why, names, detail = '' } }: { left: OldImageLeft }) {
  const { t } = useTranslation();
  return <p className="quiet">{t(`allowList.refreshing.left.${why}`, { names: names.join(', '), detail })}</p>;
}

/** The bar is about what the status says: a layer is first downloaded and then extracted. */
function Layer({ layer: { id, status, current, total } }: { layer: LayerProgress }) {
  const { t } = useTranslation();
  const isDone = status === 'Pull complete' || status === 'Already exists';
  const isMeasured = current !== undefined && total !== undefined && total > 0;
  return (
    <>
      <code>{id}</code>
      <progress max={isMeasured ? total : 1} value={isDone ? (total ?? 1) : isMeasured ? current : 0} aria-label={id} />
      <span className="quiet">
        {status}
        {isMeasured && !isDone && ` ${t('allowList.refreshing.progress', { done: size(current), total: size(total) })}`}
      </span>
    </>
  );
}

function size(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
