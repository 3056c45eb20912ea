import type { ImageReference } from '../../shared/images/reference.ts';
import type { ContainerChoice, OldImageLeft, RefreshProgress } from '../../shared/ipc/refresh.ts';
import type { LocalImage } from '../engine/engine-client.ts';
import type { RefreshDeps } from './deps.ts';
import { digestsIn } from './plan.ts';

export interface OldImage {
  readonly id: string;
  /** The name that has moved on to another image. */
  readonly reference: ImageReference;
}

export type Removal = Pick<RefreshProgress, 'removedContainers' | 'left'>;

/** Removes the image whose name has moved on, unless somebody still needs it; then it says who. Never rejects. */
export async function removeOld(deps: RefreshDeps, old: OldImage, containers: ContainerChoice): Promise<Removal> {
  const removed: string[] = [];
  try {
    const left = await tryToRemove(deps, old, containers, removed);
    return { removedContainers: removed, ...(left !== undefined && { left }) };
  } catch (error) {
    // An image built on it, or a container that came just now. The new one is in place, which is what counts.
    const detail = error instanceof Error ? error.message : String(error);
    return { removedContainers: removed, left: { why: 'engine', names: [], detail } };
  }
}

async function tryToRemove(
  deps: RefreshDeps,
  { id, reference }: OldImage,
  containers: ContainerChoice,
  removed: string[],
): Promise<OldImageLeft | undefined> {
  const { engine, reached } = deps;
  const image = await engine.image(id);
  if (image === undefined) return undefined;
  if (image.tags.length > 0) return { why: 'other-names', names: [...image.tags] };
  if (!(await canBeHadAgain(deps, image, reference))) return { why: 'only-copy', names: [] };
  for (const user of containers === 'keep' ? [] : await engine.containersOf(id)) {
    if (user.isRunning || !(await isRemoved(deps, user.id))) continue;
    removed.push(user.name);
    reached('refresh-container-removed');
  }
  const users = await engine.containersOf(id);
  if (users.length > 0) return { why: 'containers', names: users.map(({ name }) => name) };
  await engine.removeImage(id);
  reached('refresh-old-removed');
  return undefined;
}

/** One that was started meanwhile is not removed: that it stays shows in who still uses the image. */
async function isRemoved({ engine }: RefreshDeps, id: string): Promise<boolean> {
  return engine.removeStopped(id).then(
    () => true,
    () => false,
  );
}

/**
 * What was built or loaded here under the name of a listed image may exist nowhere else. In the classic store only a
 * registry gives an image a digest; in the containerd store, where the ID is one, the registry has to be asked.
 */
async function canBeHadAgain(
  { digests: registries }: RefreshDeps,
  { id, repoDigests }: LocalImage,
  reference: ImageReference,
): Promise<boolean> {
  if (repoDigests.length > 0 && !digestsIn({ repoDigests }).includes(id)) return true;
  if (registries.knownHolds(reference, [id]) !== undefined) return true;
  return (await registries.askNow(reference, `@${id}`)).kind === 'digest';
}
