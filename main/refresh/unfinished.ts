import { parseImageReference } from '../../shared/images/reference.ts';
import type { RefreshDeps } from './deps.ts';
import type { RefreshNote } from './notes.ts';
import { removeOld } from './old-image.ts';

/** Finishes what an earlier run left in the middle: where the new image is in place, the old one goes. */
export async function finishUnfinished(deps: RefreshDeps): Promise<void> {
  for (const note of await deps.notes.left()) {
    await finish(deps, note);
    await deps.notes.drop(note);
  }
}

/** Containers are not removed by an order that was given to another run: they may be wanted again by now. */
async function finish(deps: RefreshDeps, { image, oldImageId }: RefreshNote): Promise<void> {
  const parsed = parseImageReference(image);
  const now = await deps.engine.image(image);
  if (!parsed.ok || now === undefined || now.id === oldImageId) return;
  await removeOld(deps, { id: oldImageId, reference: parsed.reference }, 'keep');
}
