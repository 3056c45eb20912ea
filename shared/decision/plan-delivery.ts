import { isWithin } from './delivery-obstacle.ts';
import { FOLDER_IN_CONTAINER, SOCKET_IN_CONTAINER, SOCKET_NAME } from './delivery-places.ts';

/**
 * How a container gets its filtered socket. `link`: a link at the target leads into the mounted folder. `folder`: the
 * folder is mounted over the target's parent as well. `file`: the socket file is mounted at the target; alone of the
 * three it goes stale when Lockkeeper makes its socket anew.
 */
export type DeliveryWay = 'link' | 'folder' | 'file';

/** A place where a socket is wanted, and what the image has there. */
export interface TargetFact {
  /** As it was asked for. */
  readonly target: string;
  /** The same with the image's links followed. */
  readonly real: string;
  readonly holds: 'nothing' | 'file' | 'folder';
  readonly isParentEmpty: boolean;
}

/** One bind of the container's own socket. */
export interface SocketBind {
  readonly what: 'folder' | 'file';
  readonly target: string;
}

export interface DeliveryFacts {
  readonly readOnlyRoot: boolean;
  readonly targets: readonly TargetFact[];
  /** Where else something is mounted, with the image's links followed. */
  readonly mounts: readonly string[];
  /** Where `VolumesFrom` would bring the sockets of other containers. */
  readonly shared: readonly SocketBind[];
}

export interface DeliveryPlan {
  readonly kind: 'plan';
  readonly way: DeliveryWay;
  readonly binds: readonly SocketBind[];
  /** Where links are placed, with the image's links followed. */
  readonly links: readonly string[];
}

export type PlannedDelivery = DeliveryPlan | { readonly kind: 'obstacle'; readonly words: string };

/** What the engine itself mounts when a container starts; a link below would be hidden. */
const ENGINE_MOUNTS: readonly string[] = ['/dev', '/proc', '/sys'];
const STRONGEST_FIRST = ['file', 'folder', 'link'] as const;

/**
 * Decides how a socket is delivered: by a link wherever one can be, since that lasts; else by the folder over the
 * target's parent, where that hides nothing; else by the socket file, as the engine itself would mount it. One container
 * has one way for all its targets, and the folder at its usual place in any case.
 */
export function planDelivery(facts: DeliveryFacts): PlannedDelivery {
  const shared = facts.shared.filter(({ target }) => target !== FOLDER_IN_CONTAINER);
  const mounts = [...facts.mounts, ...shared.map(({ target }) => target), ...ENGINE_MOUNTS];
  const open = facts.targets.filter((wanted) => !isServed(wanted, shared));
  const words = open.map((wanted) => obstacleAt(wanted, mounts)).find((found) => found !== undefined);
  if (words !== undefined) return { kind: 'obstacle', words };
  const needed = open.map((wanted) => wayFor(wanted, facts.readOnlyRoot, mounts));
  const own = strongest([...needed, ...shared.filter(({ what }) => what === 'file').map(({ what }) => what)]);
  const colon = own === 'link' ? undefined : open.find(({ target }) => target.includes(':'));
  if (colon !== undefined) {
    return { kind: 'obstacle', words: `${colon.target} has a colon, which a bind mount there cannot have` };
  }
  const folder: SocketBind = { what: 'folder', target: FOLDER_IN_CONTAINER };
  return {
    kind: 'plan',
    way: strongest([own, ...shared.map(({ what }) => what)]),
    binds: unique([folder, ...shared, ...(own === 'link' ? [] : open.map((wanted) => bindFor(wanted, own)))]),
    links: own === 'link' ? [...new Set(open.map(({ real }) => real))] : [],
  };
}

/** Whether the socket is there already: a link of the image leads to it, or a mount brings it. */
function isServed({ target, real }: TargetFact, shared: readonly SocketBind[]): boolean {
  if (real === SOCKET_IN_CONTAINER) return true;
  return shared.some((bind) => {
    const place = bind.what === 'file' ? bind.target : `${bind.target}/${SOCKET_NAME}`;
    return place === target || place === real;
  });
}

function obstacleAt({ target, real, holds }: TargetFact, mounts: readonly string[]): string | undefined {
  if (isWithin(real, FOLDER_IN_CONTAINER)) return `${target} lies in ${FOLDER_IN_CONTAINER}, which is Lockkeeper's`;
  const below = mounts.find((path) => path !== real && isWithin(path, real));
  if (below !== undefined) return `${below} is a mount below ${target}, where a socket is to be`;
  // Below a mount it is that which counts, and the engine that finds out at the start.
  if (holds !== 'folder' || coveredBy(real, mounts) !== undefined) return undefined;
  return `${real} is a folder in the image, which is not replaced; mount the socket elsewhere`;
}

function coveredBy(path: string, mounts: readonly string[]): string | undefined {
  return mounts.find((mount) => isWithin(path, mount));
}

function wayFor({ real, holds, isParentEmpty }: TargetFact, readOnlyRoot: boolean, mounts: readonly string[]) {
  // A file of the image is not replaced by a link: a mount only hides it.
  if (coveredBy(real, mounts) !== undefined || holds === 'file') return 'file';
  if (!readOnlyRoot) return 'link';
  const parent = parentOf(real);
  const isFree = isParentEmpty && parent !== '' && !mounts.some((mount) => isWithin(mount, parent));
  return isFree && real === `${parent}/${SOCKET_NAME}` ? 'folder' : 'file';
}

function bindFor({ target, real }: TargetFact, way: 'folder' | 'file'): SocketBind {
  return way === 'file' ? { what: 'file', target } : { what: 'folder', target: parentOf(real) };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function strongest(ways: readonly DeliveryWay[]): DeliveryWay {
  return STRONGEST_FIRST.find((way) => ways.includes(way)) ?? 'link';
}

/** The engine refuses two mounts at one place. */
function unique(binds: readonly SocketBind[]): readonly SocketBind[] {
  return [...new Map(binds.map((bind) => [bind.target, bind])).values()];
}
