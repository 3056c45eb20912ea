import { type Listener, type SocketHolder, socketName } from '../../shared/decision/listener.ts';
import type { OwnContainers } from '../exceptions/own-containers.ts';

export interface DescendantsDeps {
  readonly own: Pick<OwnContainers, 'has'>;
  readonly holders: () => readonly SocketHolder[];
}

/**
 * Whether a container is the one behind a socket, was created through it, or through the socket of one that was: what
 * such a one holds was judged by the same rules when it was created.
 */
export async function isDescendant(deps: DescendantsDeps, listener: Listener, containerId: string): Promise<boolean> {
  const socket = socketName(listener);
  if (socket === undefined) return false;
  if (listener.kind === 'container-socket' && listener.holder.containerId === containerId) return true;
  const waiting = [socket];
  const seen = new Set(waiting);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (await deps.own.has(next, containerId)) return true;
    for (const holder of deps.holders()) {
      if (seen.has(holder.key) || !(await deps.own.has(next, holder.containerId))) continue;
      seen.add(holder.key);
      waiting.push(holder.key);
    }
  }
  return false;
}
