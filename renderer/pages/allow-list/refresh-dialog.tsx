import { useEffect, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay, Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ContainerChoice, RefreshPlan } from '../../../shared/ipc/refresh.ts';
import { useConnection } from '../../live/live.tsx';
import { Digest } from '../../parts/digest.tsx';

interface RefreshDialogProps {
  readonly images: readonly string[];
  readonly close: () => void;
}

/** Names what a refresh does to each image before it is done. */
export function RefreshDialog({ images, close }: RefreshDialogProps) {
  const { t } = useTranslation();
  const connection = useConnection();
  const plans = usePlans(images);
  const [choice, setChoice] = useState<ContainerChoice>('keep');
  const [problem, setProblem] = useState<string>();
  const ready = plans.filter(({ verdict }) => verdict === 'refresh');
  const stopped = ready.flatMap(({ containers }) => containers.filter(({ isRunning }) => !isRunning));
  const start = async () => {
    for (const { image } of ready) {
      const answer = await connection.request('startRefresh', { image, containers: choice });
      if (!answer.ok) return setProblem(answer.error.message);
    }
    close();
  };
  const names = images.join(', ');
  return (
    <ModalOverlay className="modal-overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{t('allowList.refreshing.title', { image: names })}</Heading>
          {plans.length < images.length && <p>{t('allowList.refreshing.asking')}</p>}
          {plans.map((plan) => (
            <Plan key={plan.image} plan={plan} />
          ))}
          {ready.length > 0 && <p>{t('allowList.refreshing.will')}</p>}
          {stopped.length > 0 && (
            <RadioGroup
              className="choices"
              aria-label={t('allowList.refreshing.containers')}
              value={choice}
              onChange={(value) => setChoice(value === 'remove-stopped' ? value : 'keep')}
            >
              <Radio value="keep">{t('allowList.refreshing.keep')}</Radio>
              <Radio value="remove-stopped">{t('allowList.refreshing.remove', { count: stopped.length })}</Radio>
            </RadioGroup>
          )}
          {problem !== undefined && <p role="alert">{t('allowList.refreshing.blocked', { problem })}</p>}
          <div className="actions">
            {ready.length > 0 && (
              <Button className="button button-main" onPress={() => void start()}>
                {t(choice === 'keep' ? 'allowList.refreshing.start' : 'allowList.refreshing.startRemoving', {
                  image: ready.map(({ image }) => image).join(', '),
                })}
              </Button>
            )}
            <Button className="button" onPress={close} autoFocus>
              {t(ready.length > 0 ? 'allowList.refreshing.cancel' : 'allowList.refreshing.close')}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Plan({ plan }: { plan: RefreshPlan }) {
  const { t } = useTranslation();
  const { image, verdict, problem, localDigest, registryDigest, containers, commands } = plan;
  if (verdict === 'current') return <p>{t('allowList.refreshing.current', { image })}</p>;
  if (verdict === 'blocked') {
    return <p role="alert">{t('allowList.refreshing.blocked', { problem: problem ?? '' })}</p>;
  }
  return (
    <section className="plan">
      <h3>
        <code>{image}</code>
      </h3>
      <p>
        {t('allowList.refreshing.from')} {localDigest === undefined ? '—' : <Digest value={localDigest} />} →{' '}
        {t('allowList.refreshing.to')} {registryDigest === undefined ? '—' : <Digest value={registryDigest} />}
      </p>
      {containers.length > 0 && (
        <>
          <p>{t('allowList.refreshing.containers')}</p>
          <ul>
            {containers.map(({ id, name, state, isRunning }) => (
              <li key={id}>
                <code>{name}</code>{' '}
                <span className="quiet">{isRunning ? t('allowList.refreshing.running') : state}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <details>
        <summary>{t('allowList.refreshing.commands')}</summary>
        <pre>{commands.join('\n')}</pre>
      </details>
    </section>
  );
}

/** What each refresh would do, as the answers come. */
function usePlans(images: readonly string[]): readonly RefreshPlan[] {
  const connection = useConnection();
  const [plans, setPlans] = useState<readonly RefreshPlan[]>([]);
  const wanted = images.join(' ');
  useEffect(() => {
    let isWanted = true;
    setPlans([]);
    for (const image of wanted.split(' ')) {
      void connection.request('planRefresh', { image }).then((answer) => {
        if (!isWanted) return;
        const failed = { image, verdict: 'blocked' as const, containers: [], commands: [] };
        const plan = answer.ok ? answer.value : { ...failed, problem: answer.error.message };
        setPlans((known) => [...known, plan]);
      });
    }
    return () => {
      isWanted = false;
    };
  }, [connection, wanted]);
  return plans;
}
