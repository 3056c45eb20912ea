import type { ImageReference } from '../../shared/images/reference.ts';
import type { LayerProgress, RefreshPlan } from '../../shared/ipc/refresh.ts';
import type { Order } from './carry-out.ts';
import type { RefreshDeps } from './deps.ts';
import { withLine } from './layers.ts';
import { digestsIn, suffixOf } from './plan.ts';

/** Pulls an image, and resolves when the engine has what the registry has; rejects with a sentence otherwise. */
export async function pullConfirmed(
  deps: RefreshDeps,
  order: Pick<Order, 'signal' | 'update'>,
  plan: RefreshPlan,
  reference: ImageReference,
): Promise<{ readonly id: string; readonly digest: string }> {
  await pull(deps, order, plan, reference);
  const pulled = await deps.engine.image(plan.image);
  const digests = pulled === undefined ? [] : digestsIn(pulled);
  const digest = digests.find((one) => one === plan.registryDigest) ?? (await movedTo(deps, reference, digests));
  if (pulled !== undefined && digest !== undefined) return { id: pulled.id, digest };
  throw new Error(`${plan.image} was pulled, but the engine does not have what the registry has now; try again`);
}

async function pull(
  { engine, credentials, reached }: RefreshDeps,
  { signal, update }: Pick<Order, 'signal' | 'update'>,
  { image, localImageId }: RefreshPlan,
  { registry }: ImageReference,
): Promise<void> {
  const auth = await credentials(registry);
  // An image that was pulled for another platform would otherwise silently become one for the engine's.
  const platform = localImageId === undefined ? undefined : await engine.foreignPlatform(localImageId);
  signal.throwIfAborted();
  let layers: readonly LayerProgress[] = [];
  const pulling = engine.pull({
    reference: image,
    registryAuth: auth.kind === 'found' ? auth.header : undefined,
    platform,
    signal,
    onLine(line) {
      layers = withLine(layers, line);
      update({ layers: [...layers] });
      reached('refresh-pulling');
    },
  });
  await pulling.catch((error: Error) => {
    throw new Error(`the engine could not pull it (${error.message})`);
  });
}

/** The tag may have moved again since the registry was asked; or the engine ended the pull without a word about why. */
async function movedTo(
  { digests: registries }: RefreshDeps,
  reference: ImageReference,
  digests: readonly string[],
): Promise<string | undefined> {
  const answer = await registries.askNow(reference, suffixOf(reference));
  return answer.kind === 'digest' && digests.includes(answer.digest) ? answer.digest : undefined;
}
