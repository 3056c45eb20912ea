import { renderRemark } from '../../shared/policy/admin-settings.ts';
import { paths } from '../../shared/policy/builtin-values.ts';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** Whether the policy that is meant is the one in force: a file that cannot be trusted or read is not. */
export async function checkPolicy({ policy, userFile }: Machine) {
  const state = policy();
  const problem = state.problems.map(renderRemark).join('\n');
  if (state.kind === 'closed') return finding('policy', 'fail', 'closed', { problem });
  if (problem !== '') return finding('policy', 'fail', 'last-good', { problem });
  const { file, locked } = state.policy.origins[paths.images];
  if (!state.policy.values[paths.enforced]) {
    const where = state.policy.origins[paths.enforced].file ?? userFile;
    return finding('policy', 'fail', 'not-enforced', { file: where });
  }
  if (state.observingUntil !== undefined) {
    return finding('policy', 'warn', 'observing', { until: state.observingUntil });
  }
  if (state.warnings.length > 0) {
    return finding('policy', 'warn', 'warnings', { warnings: state.warnings.map(renderRemark).join('\n') });
  }
  if (file === undefined) return finding('policy', 'pass', 'built-in', { file: userFile });
  return finding('policy', 'pass', locked ? 'locked' : 'unlocked', { file });
}
