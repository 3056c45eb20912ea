import type { CreateRequest } from '../engine-api/create-body.ts';
import { FOLDER_IN_CONTAINER } from './delivery-places.ts';
import type { MountFact } from './facts.ts';

/**
 * What a create body says that keeps any filtered socket from being delivered, in words with the remedy; undefined when
 * nothing does. What the image says to it is looked at afterwards (planDelivery).
 */
export function deliveryObstacle(
  request: CreateRequest,
  sockets: readonly MountFact[],
  targets: readonly string[],
): string | undefined {
  const odd = targets.find((target) => !/^(\/[^/\0]+)+$/.test(target));
  if (odd !== undefined) return `the target "${odd}" is not an absolute path to a file`;
  const others = request.mounts.filter((mount) => !sockets.some((socket) => socket.request === mount));
  const taken = [...request.freshTargets, ...others.map(({ target }) => target)].find(isOurs);
  return (
    taken &&
    `${taken} is taken by another mount; ${FOLDER_IN_CONTAINER} is where Lockkeeper puts the socket's folder, so mount elsewhere`
  );
}

function isOurs(path: string): boolean {
  return isWithin(path, FOLDER_IN_CONTAINER);
}

/** Whether a path is the other one or lies below it, by spelling. */
export function isWithin(path: string, folder: string): boolean {
  const base = folder.replace(/\/+$/, '');
  return path === base || path.startsWith(`${base}/`);
}
