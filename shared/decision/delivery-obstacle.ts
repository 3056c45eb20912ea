import type { CreateRequest } from '../engine-api/create-body.ts';
import type { MountFact } from './facts.ts';

/**
 * What in a create body keeps a filtered socket from being delivered by a link at its target, in words with the remedy;
 * undefined when nothing does. What only the image can tell (a volume of its own, a folder at the target) is found
 * after the container was created.
 */
export function deliveryObstacle(
  request: CreateRequest,
  sockets: readonly MountFact[],
  targets: readonly string[],
): string | undefined {
  if (request.readOnlyRoot) return 'its root file system is read-only (--read-only), where no link can be placed';
  const odd = targets.find((target) => !/^(\/[^/\0]+)+$/.test(target) || /\/\.\.?(\/|$)/.test(target));
  if (odd !== undefined) return `the target "${odd}" is not a plain absolute path`;
  const others = request.mounts.filter((mount) => !sockets.some((socket) => socket.request === mount));
  const covering = [...request.tmpfs, ...others.map(({ target }) => target)];
  for (const target of targets) {
    const over = covering.find((path) => isWithin(target, path));
    if (over !== undefined)
      return `${over} is a mount, so no link can be placed at ${target}; mount the socket elsewhere`;
  }
  return undefined;
}

/** Whether a path is the other one or lies below it, by spelling. */
export function isWithin(path: string, folder: string): boolean {
  const base = folder.replace(/\/+$/, '');
  return path === base || path.startsWith(`${base}/`);
}
