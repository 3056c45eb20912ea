import { useCallback, useEffect, useRef, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { PolicyChange, PolicyProposal } from '../../../shared/ipc/policy-change.ts';
import { useConnection } from '../../live/live.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Proposal } from './proposal.tsx';

interface PolicyChangeDialogProps {
  readonly change: PolicyChange;
  readonly close: () => void;
  /** The change is in force; `file` was written. */
  readonly done: (file: string) => void;
}

/** Shows what would be written before it is; a locked policy is shown with what to ask for. */
export function PolicyChangeDialog({ change, close, done }: PolicyChangeDialogProps) {
  const { t } = useTranslation();
  const connection = useConnection();
  const { proposal, ask } = useProposal(change);
  const [problem, setProblem] = useState<string>();
  const [isWriting, setWriting] = useState(false);
  const write = async (proposed: PolicyProposal & { kind: 'writable' }) => {
    setWriting(true);
    const answer = await connection.request('applyChange', { change: proposed.change, basis: proposed.basis });
    setWriting(false);
    if (answer.ok) return done(answer.value.file);
    setProblem(answer.error.message);
    // What is true now is shown, to be agreed to anew.
    ask();
  };
  const title = proposal?.kind === 'writable' ? proposal.change : change;
  return (
    <ModalOverlay className="modal-overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{t(`activity.change.titles.${title.kind}`, { ...title })}</Heading>
          {proposal === undefined ? (
            <p className="quiet">{t('activity.change.asking')}</p>
          ) : (
            <Proposal proposal={proposal} />
          )}
          {problem !== undefined && (
            <p role="alert" className="problem">
              {t('activity.change.notInForce', { problem })}
            </p>
          )}
          <div className="actions">
            {proposal?.kind === 'writable' && (
              <Button className="button button-main" isDisabled={isWriting} onPress={() => void write(proposal)}>
                {t('activity.change.write')}
              </Button>
            )}
            {proposal !== undefined && proposal.kind !== 'impossible' && (
              <CopyButton text={proposal.snippet} label={t('activity.panel.snippet')} />
            )}
            <Button className="button" onPress={close} autoFocus>
              {t(proposal?.kind === 'writable' ? 'activity.change.cancel' : 'common.close')}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What the change comes to now, and a way to ask anew. */
function useProposal(change: PolicyChange): { proposal: PolicyProposal | undefined; ask: () => void } {
  const connection = useConnection();
  const [proposal, setProposal] = useState<PolicyProposal>();
  const times = useRef(0);
  const ask = useCallback(async () => {
    times.current += 1;
    const mine = times.current;
    const answer = await connection.request('proposeChange', { change });
    if (mine !== times.current) return;
    setProposal(answer.ok ? answer.value : { kind: 'impossible', problem: answer.error.message });
  }, [connection, change]);
  useEffect(() => void ask(), [ask]);
  return { proposal, ask: () => void ask() };
}
