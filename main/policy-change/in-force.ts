import { renderRemark } from '../../shared/policy/admin-settings.ts';
import { policyPaths } from '../../shared/policy/builtin-values.ts';
import type { Policy, PolicyState } from '../../shared/policy/policy.ts';

/** Why the policy is not what it was to be, as a clause. Something else may have changed it at the same moment. */
export function whyNotInForce(state: PolicyState, wanted: Policy): string | undefined {
  const [problem] = state.problems;
  if (problem !== undefined) return `it is not in force: ${renderRemark(problem)}`;
  if (state.kind === 'closed') return 'there is no usable policy';
  const { values } = state.policy;
  const other = policyPaths.find((path) => JSON.stringify(values[path]) !== JSON.stringify(wanted.values[path]));
  return other && `another file has changed ${other} meanwhile`;
}

export function lockedWords(file: string): string {
  return `the policy is locked by ${file}: ask whoever manages that file`;
}
