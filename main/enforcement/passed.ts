import type { Facts } from '../../shared/decision/facts.ts';
import { isFiltered, type Listener, socketName } from '../../shared/decision/listener.ts';
import { aboutContainer, containerNamedBy } from '../../shared/engine-api/named-container.ts';
import type { Operation } from '../../shared/engine-api/operation.ts';
import { createdId, type GrantDeps } from '../exceptions/grant-socket.ts';
import type { Forwarding } from '../gate/gate.ts';
import type { Decided } from './enforce.ts';
import type { FactSources } from './find-fact.ts';

export interface PassedDeps extends Pick<GrantDeps, 'sockets' | 'failed' | 'reached'> {
  readonly facts: Pick<FactSources, 'own'>;
}

/** How a request goes on that was let through: from a filtered socket, to the very container that was judged. */
export function passed(deps: PassedDeps, operation: Operation, listener: Listener, facts: Facts): Forwarding {
  const { named } = facts;
  const forwarding = asItIs(deps, operation.id, listener, facts);
  if (named?.kind !== 'present' || !isFiltered(listener)) return forwarding;
  return { ...forwarding, target: aboutContainer(operation, named.id) };
}

/**
 * What would go on from a filtered socket about a container that is not there does not: by the time that the engine looks,
 * there might be one of this name that nobody has judged.
 */
export function unlessAbsent<R extends { readonly decision: Decided; readonly facts: Facts }>(
  reached: R,
  operation: Operation,
  listener: Listener,
): R {
  const goesOn = reached.decision.kind === 'pass' && isFiltered(listener);
  if (!goesOn || reached.facts.named?.kind !== 'absent') return reached;
  return { ...reached, decision: { kind: 'absent', message: `No such container: ${containerNamedBy(operation)}` } };
}

function asItIs(deps: PassedDeps, operation: string, listener: Listener, facts: Facts): Forwarding {
  if (operation === 'ContainerCreate') return ownCreate(deps, listener);
  if (operation === 'ContainerRestart') return { kind: 'forward', ...givingBack(deps, listener, facts) };
  if (operation !== 'ContainerStart') return { kind: 'forward' };
  return {
    kind: 'forward',
    ...givingBack(deps, listener, facts),
    sent: () => deps.reached('start-sent'),
    answered: () => deps.reached('start-answered'),
  };
}

/** Who has a container that was cut off started from the host wants it to work again. */
function givingBack({ sockets }: PassedDeps, listener: Listener, { container }: Facts): Pick<Forwarding, 'begun'> {
  const holder = container?.kind === 'present' ? sockets.holderOf(container.id) : undefined;
  if (listener.kind !== 'host-gate' || container?.kind !== 'present' || holder === undefined) return {};
  const { startedAt } = container;
  return { begun: () => sockets.cutOffs.startAsked(holder, startedAt) };
}

/** A container that a filtered socket's holder created is its own; the host gate keeps no such list. */
export function ownCreate(deps: PassedDeps, listener: Listener): Forwarding {
  const socket = socketName(listener);
  if (socket === undefined) return { kind: 'forward' };
  return {
    kind: 'forward',
    async afterAnswer(answer) {
      const id = createdId(answer);
      if (id !== undefined) await deps.facts.own.add(socket, id).catch(deps.failed);
      return undefined;
    },
  };
}
