import type { Facts } from '../../shared/decision/facts.ts';
import { isFiltered, type Listener, socketName } from '../../shared/decision/listener.ts';
import { aboutContainer, containerNamedBy } from '../../shared/engine-api/named-container.ts';
import type { Operation } from '../../shared/engine-api/operation.ts';
import { createdId, type GrantDeps } from '../exceptions/grant-socket.ts';
import type { Forwarding, Ruling } from '../gate/gate.ts';
import type { FactSources } from './find-fact.ts';

export interface PassedDeps extends Pick<GrantDeps, 'sockets' | 'failed' | 'reached'> {
  readonly facts: Pick<FactSources, 'own'>;
}

/** How a request goes on that was let through. */
export function passed(deps: PassedDeps, operation: Operation, listener: Listener, facts: Facts): Ruling {
  const { named } = facts;
  if (named === undefined || !isFiltered(listener)) return asItIs(deps, operation.id, listener, facts);
  if (named.kind === 'present') {
    return { ...asItIs(deps, operation.id, listener, facts), target: aboutContainer(operation, named.id) };
  }
  // By the time that the engine looks, there might be one that nobody has judged.
  return { kind: 'answer', answer: { status: 404, message: `No such container: ${containerNamedBy(operation)}` } };
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
