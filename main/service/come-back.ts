import { setTimeout as pause } from 'node:timers/promises';
import { followContainers } from '../exceptions/follow-containers.ts';
import type { Enforcement } from './enforcement.ts';
import type { EngineSide } from './engine-side.ts';
import type { Ground } from './ground.ts';
import { type News, news } from './news.ts';

/** How long a start waits for the engine's first answer. */
const ENGINE_MS = 2_000;

/**
 * Takes up what was there before: the sockets of containers, what was left half done, and who comes and goes, of whom the
 * news tell from now on: the container, or undefined for any.
 */
export async function comeBack(
  { failed, undo, reached }: Ground,
  { engine, engineNow, images }: EngineSide,
  { sockets, looks, started }: Pick<Enforcement, 'sockets' | 'looks' | 'started'>,
): Promise<News<string | undefined>> {
  // Containers that run come first: nobody but them waits for an engine that is slow to answer.
  await sockets.restore();
  await Promise.race([engineNow.reached().catch(() => undefined), pause(ENGINE_MS, undefined, { ref: false })]);
  // Before clients can come again: what they ask again may bear the name of what is left over.
  if (engineNow.view().reachable && sockets.hasUndelivered()) await sockets.reconcile().catch(failed);
  reached('leftovers-removed');
  const reachable = () => engineNow.reached().then(images.engineIsBack);
  const reconcile = () => Promise.all([sockets.reconcile(), looks.removeLeftovers()]).then(() => undefined);
  const containerStarted = (id: string) => {
    sockets.containerStarted(id);
    void started(id).catch(failed);
  };
  const containerCreated = (id: string, name: string) =>
    Promise.all([sockets.containerCreated(), looks.containerCreated(id, name)]).then(() => undefined);
  const containers = news<string | undefined>();
  const watch = { reachable, unreachable: engineNow.lost, changed: containers.tell, failed };
  undo.add(followContainers({ ...sockets, reconcile, containerCreated, containerStarted }, engine, watch));
  return containers;
}
