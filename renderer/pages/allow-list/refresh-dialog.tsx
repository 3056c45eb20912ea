import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay, Radio, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ContainerChoice, RefreshPlan } from '../../../shared/ipc/refresh.ts';
import { useConnection } from '../../live/live.tsx';
import { Plan, usePlans } from './plans.tsx';

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
  const isComplete = plans.length === images.length;
  const stopped = ready.flatMap(stoppedIn);
  const start = async () => {
    for (const { image } of ready) {
      const answer = await connection.request('startRefresh', { image, containers: choice });
      if (!answer.ok) return setProblem(t('allowList.refreshing.blocked', { image, problem: answer.error.message }));
    }
    close();
  };
  const [only, ...others] = images;
  const title =
    others.length > 0
      ? t('allowList.refreshing.titleMany', { count: images.length })
      : t('allowList.refreshing.title', { image: plans[0]?.image ?? only ?? '' });
  return (
    <ModalOverlay className="modal-overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {plans.map((plan) => (
            <Plan key={plan.image} plan={plan} />
          ))}
          {!isComplete && <p role="status">{t('allowList.refreshing.asking')}</p>}
          {ready.some(({ localImageId }) => localImageId !== undefined) && <p>{t('allowList.refreshing.will')}</p>}
          {stopped.length > 0 && <Choice choice={choice} choose={setChoice} count={stopped.length} />}
          {problem !== undefined && <p role="alert">{problem}</p>}
          <div className="actions">
            {ready.length > 0 && (
              <Button className="button button-main" isDisabled={!isComplete} onPress={() => void start()}>
                <StartWords ready={ready} removing={choice === 'keep' ? 0 : stopped.length} />
              </Button>
            )}
            <Button className="button" onPress={close} autoFocus>
              {t(ready.length > 0 || !isComplete ? 'allowList.refreshing.cancel' : 'allowList.refreshing.close')}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What cannot be had again is named on the button. */
function StartWords({ ready, removing }: { ready: readonly RefreshPlan[]; removing: number }) {
  const { t } = useTranslation();
  const [first] = ready;
  if (removing > 0) return t('allowList.refreshing.startRemoving', { count: removing });
  if (ready.length === 1) return t('allowList.refreshing.start', { image: first?.image ?? '' });
  return t('allowList.refreshing.startMany', { count: ready.length });
}

function stoppedIn({ alsoNamed, containers }: RefreshPlan) {
  // Where the old image stays for another name, no container has to make room for it.
  return alsoNamed.length > 0 ? [] : containers.filter(({ isRunning }) => !isRunning);
}

interface ChoiceProps {
  readonly choice: ContainerChoice;
  readonly choose: (choice: ContainerChoice) => void;
  readonly count: number;
}

function Choice({ choice, choose, count }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <RadioGroup
      className="choices"
      aria-label={t('allowList.refreshing.choice')}
      value={choice}
      onChange={(value) => choose(value === 'remove-stopped' ? value : 'keep')}
    >
      <Radio value="keep">{t('allowList.refreshing.keep')}</Radio>
      <Radio value="remove-stopped">{t('allowList.refreshing.remove', { count })}</Radio>
    </RadioGroup>
  );
}
