import { admitCreate } from './decide-create.ts';
import { type Decision, type DecisionInput, pass } from './decision.ts';
import type { RefusalReason } from './reason.ts';

/** The permission of a container that got its socket only because nothing was blocked then; no list ever has it. */
export const OBSERVED_ENTRY = 'lockkeeper.mode "observe"';

/** Requests that nobody can read: no policy refuses them. */
const UNREADABLE: ReadonlySet<RefusalReason> = new Set(['malformed-request', 'head-too-large', 'body-too-large']);

/**
 * What becomes of a decision while nothing is to be blocked: what the policy refuses goes on, with the refusal beside it.
 * A container that asks for the socket gets a filtered one wherever that can be, and not the engine's: so what it asks is
 * recorded too, and it ends when observing ends.
 */
export function observed(input: DecisionInput, decision: Decision): Decision {
  if (decision.kind !== 'refuse' || UNREADABLE.has(decision.refusal.reason)) return decision;
  const { refusal, image } = decision;
  const instead = input.operation.id === 'ContainerCreate' ? admitCreate(input, OBSERVED_ENTRY) : pass;
  if (instead.kind !== 'pass' && instead.kind !== 'rewrite') return instead;
  return { ...instead, observed: { refusal, ...(image !== undefined && { image }) } };
}
