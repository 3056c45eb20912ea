import type { EventBody } from '../../shared/journal/event.ts';
import { renderRemark } from '../../shared/policy/admin-settings.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import type { Journal } from '../journal/journal.ts';
import type { PolicySource } from '../settings/settings.ts';

/** Tells the journal which policy is in force, now and after each change. Returns what ends that. */
export function announcePolicy(policy: PolicySource, journal: Journal): () => void {
  const announce = (state: PolicyState) => void journal.record(policyEvent(state));
  announce(policy.state());
  return policy.onChange(announce);
}

function policyEvent(state: PolicyState): EventBody {
  const problems = state.problems.map(renderRemark);
  const { generation } = state;
  if (state.kind === 'closed') return { type: 'policy', change: 'closed', generation, problems, warnings: [] };
  const change = problems.length === 0 ? 'applied' : 'kept-last-good';
  return { type: 'policy', change, generation, problems, warnings: state.warnings.map(renderRemark) };
}
