import { familiarName, parseImageReference, withDefaultTag } from '../../shared/images/reference.ts';
import type { RefreshPlan } from '../../shared/ipc/refresh.ts';
import type { EngineImages } from './engine-images.ts';

/**
 * Finds out what a refresh of an image would do. The registry is asked first: while it cannot say what it has, nothing
 * that is here may be touched.
 */
export async function planRefresh(engine: EngineImages, image: string): Promise<RefreshPlan> {
  const nothing = { image, containers: [], commands: [] };
  const parsed = parseImageReference(image);
  if (!parsed.ok) return { ...nothing, verdict: 'blocked', problem: parsed.problem };
  const name = familiarName(withDefaultTag(parsed.reference));
  try {
    const registryDigest = await engine.registryDigest(name);
    const local = await engine.image(name);
    const commands = [...(local === undefined ? [] : [`docker image rm ${name}`]), `docker pull ${name}`];
    if (local === undefined) return { ...nothing, image: name, verdict: 'refresh', registryDigest, commands };
    const digests = local.repoDigests.flatMap((digest) => digest.split('@')[1] ?? []);
    const known = {
      image: name,
      registryDigest,
      localImageId: local.id,
      ...(digests[0] !== undefined && {
        localDigest: digests.find((digest) => digest === registryDigest) ?? digests[0],
      }),
    };
    if (digests.includes(registryDigest)) return { ...nothing, ...known, verdict: 'current' };
    return { ...known, verdict: 'refresh', containers: [...(await engine.usersOf(local.id))], commands };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...nothing, image: name, verdict: 'blocked', problem };
  }
}
