import { useEffect, useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { PolicyChange, PolicyProposal } from '../../../shared/ipc/policy-change.ts';
import { useConnection } from '../../live/live.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Difference } from '../../parts/difference.tsx';

export interface Suggestion {
  /** Absent when no change of the policy would help. */
  readonly change: PolicyChange | undefined;
  readonly proposal: PolicyProposal | undefined;
}

/** The smallest change that would let a decision's request through; undefined until it is known. */
export function useSuggestion(run: string, sequence: number): Suggestion | undefined {
  const connection = useConnection();
  const [known, setKnown] = useState<Suggestion>();
  useEffect(() => {
    let isWanted = true;
    setKnown(undefined);
    const ask = async () => {
      const suggested = await connection.request('suggestChange', { run, sequence });
      if (!suggested.ok) return;
      const { change } = suggested.value;
      const proposed = change === undefined ? undefined : await connection.request('proposeChange', { change });
      if (isWanted) setKnown({ change, proposal: proposed?.ok ? proposed.value : undefined });
    };
    void ask();
    return () => {
      isWanted = false;
    };
  }, [connection, run, sequence]);
  return known;
}

interface PolicyChangeDialogProps {
  readonly suggestion: Suggestion;
  readonly isOpen: boolean;
  readonly close: () => void;
}

/** Shows what would be written before it is; a locked policy is shown with what to ask for. */
export function PolicyChangeDialog({ suggestion: { change, proposal }, isOpen, close }: PolicyChangeDialogProps) {
  const { t } = useTranslation();
  const connection = useConnection();
  const [problem, setProblem] = useState<string>();
  if (change === undefined || proposal === undefined) return null;
  const obstacle = problem ?? proposal.problem;
  const write = async () => {
    const answer = await connection.request('applyChange', { change, basis: proposal.basis });
    if (answer.ok) close();
    else setProblem(answer.error.message);
  };
  return (
    <ModalOverlay className="modal-overlay" isOpen={isOpen} isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{t('activity.change.title')}</Heading>
          {proposal.lockedBy === undefined ? (
            <>
              <p>{t('activity.change.writes', { file: proposal.file })}</p>
              <Difference before={proposal.before} after={proposal.after} />
            </>
          ) : (
            <>
              <p>{t('activity.change.locked', { file: proposal.lockedBy })}</p>
              <pre>{proposal.snippet}</pre>
            </>
          )}
          {obstacle !== undefined && <p role="alert">{t('activity.change.problem', { problem: obstacle })}</p>}
          <div className="actions">
            {proposal.lockedBy === undefined && (
              <Button
                className="button button-main"
                isDisabled={proposal.problem !== undefined}
                onPress={() => void write()}
              >
                {t('activity.change.write')}
              </Button>
            )}
            <CopyButton text={proposal.snippet} label={t('activity.panel.snippet')} />
            <Button className="button" onPress={close} autoFocus>
              {t('activity.change.cancel')}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
