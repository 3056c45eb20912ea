import { requestRefused } from '../messages/refusal.ts';
import { type Decision, type DecisionInput, need } from './decision.ts';

/** Characters of a container's ID that docker prints, and takes. */
const SHORT_ID = 12;

/**
 * A container that somebody has cut off is refused whatever the policy says, also while nothing is enforced: it is not
 * the policy that was asked. Undefined when it is not cut off.
 */
export function decideCutOff({ listener, facts }: DecisionInput): Decision | undefined {
  if (listener.kind !== 'container-socket') return undefined;
  const { cutOff } = facts;
  if (cutOff === undefined) return need('cutOff');
  if (cutOff.kind === 'connected') return undefined;
  const { containerId, image } = listener.holder;
  const remedy = `give its socket back there, or restart it from the host: docker restart ${containerId.slice(0, SHORT_ID)}`;
  const message = requestRefused(
    `this container was cut off from Docker at ${cutOff.since}, in Lockkeeper's window under Containers; ${remedy}`,
  );
  return { kind: 'refuse', image, refusal: { status: 403, reason: 'cut-off', message, remedy } };
}
