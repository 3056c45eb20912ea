import { useTranslation } from 'react-i18next';
import type { PolicyDescription } from '../../../shared/ipc/policy.ts';

const LIST = 'enhancedContainerIsolation.dockerSocketMount.commandList';

/** The command list in one sentence, and where it comes from. */
export function WhichList({ policy }: { policy: PolicyDescription }) {
  const { t } = useTranslation();
  return <p className="page-note which-list">{t(...wordsFor(policy))}</p>;
}

function wordsFor({ kind, enforced, values }: PolicyDescription) {
  if (kind === 'closed') return ['commands.closed'] as const;
  if (!enforced) return ['commands.notEnforced'] as const;
  const list = values.find(({ path }) => path === `${LIST}.commands`);
  const isDeny = values.find(({ path }) => path === `${LIST}.type`)?.value !== 'allow';
  const names = Array.isArray(list?.value) ? list.value : [];
  const where = list?.origin.file ?? '';
  if (names.length === 0) return [isDeny ? 'commands.nothingDenied' : 'commands.nothingAllowed'] as const;
  return [isDeny ? 'commands.denied' : 'commands.onlyAllowed', { names: names.join(', '), where }] as const;
}
