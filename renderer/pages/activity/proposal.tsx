import { useTranslation } from 'react-i18next';
import type { PolicyProposal } from '../../../shared/ipc/policy-change.ts';
import { Difference } from '../../parts/difference.tsx';

/** What would be written where, and what that opens; or why nothing can be written, and what to do instead. */
export function Proposal({ proposal }: { proposal: PolicyProposal }) {
  const { t } = useTranslation();
  switch (proposal.kind) {
    case 'impossible':
      return (
        <p role="alert" className="problem">
          {t('activity.change.problem', { problem: proposal.problem })}
        </p>
      );
    case 'locked':
      return (
        <>
          <p>{t('activity.change.locked', { file: proposal.lockedBy })}</p>
          <pre>{proposal.snippet}</pre>
        </>
      );
    case 'writable':
      return <Writable proposal={proposal} />;
  }
}

function Writable({ proposal }: { proposal: PolicyProposal & { kind: 'writable' } }) {
  const { t } = useTranslation();
  const { file, before, after, opens, remark, takesOverFrom } = proposal;
  return (
    <>
      {remark !== undefined && <p className="note">{t(`activity.change.remarks.${remark}`)}</p>}
      <p>{t(before === '' ? 'activity.change.makes' : 'activity.change.writes', { file })}</p>
      <Difference before={before} after={after} />
      {takesOverFrom !== undefined && (
        <p className="note">{t('activity.change.takesOver', { from: takesOverFrom, file })}</p>
      )}
      {opens.length > 0 && (
        <details open={opens.length <= 4}>
          <summary>{t('activity.change.opens', { count: opens.length })}</summary>
          <ul>
            {opens.map((request) => (
              <li key={request}>
                <code>{request}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
