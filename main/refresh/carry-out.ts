import type { ImageReference } from '../../shared/images/reference.ts';
import type { ContainerChoice, RefreshPlan, RefreshProgress } from '../../shared/ipc/refresh.ts';
import { shortDigest } from '../../shared/messages/refusal.ts';
import type { RefreshDeps } from './deps.ts';
import type { RefreshNote } from './notes.ts';
import { type Removal, removeOld } from './old-image.ts';
import { planRefresh, whyFailed } from './plan.ts';
import { pullConfirmed } from './pull.ts';
import { leftWords } from './words.ts';

export interface Order {
  readonly image: string;
  readonly containers: ContainerChoice;
  readonly signal: AbortSignal;
  readonly update: (change: Partial<RefreshProgress>) => void;
}

/**
 * Pulls first and removes afterwards. `docker image rm` and then `docker pull` would come to the same when all goes
 * well; when the pull fails, or we are killed, there would be no image left to work with. Never rejects.
 */
export async function carryOut(deps: RefreshDeps, order: Order): Promise<void> {
  const { image, signal, update } = order;
  try {
    if (signal.aborted) return;
    update({ stage: 'asking' });
    const { plan, reference } = await planRefresh(deps, image);
    deps.reached('refresh-asked');
    if (signal.aborted) return update({ stage: 'cancelled' });
    if (plan.verdict === 'blocked' || reference === undefined) return fail(deps, order, plan.problem ?? '');
    if (plan.verdict === 'current') return update({ stage: 'current', ...before(plan), ...here(plan.localImageId) });
    await replace(deps, order, plan, reference);
  } catch (error) {
    if (signal.aborted) return update({ stage: 'cancelled' });
    fail(deps, order, whyFailed(error));
  }
}

async function replace(deps: RefreshDeps, order: Order, plan: RefreshPlan, reference: ImageReference): Promise<void> {
  const { update } = order;
  const old = plan.localImageId;
  const note = old === undefined ? undefined : { image: plan.image, oldImageId: old };
  update({ stage: 'pulling', ...before(plan) });
  if (note !== undefined) await noteDown(deps, note);
  let removal: Removal = { removedContainers: [] };
  try {
    const pulled = await pullConfirmed(deps, order, plan, reference);
    deps.reached('refresh-pulled');
    update({ stage: 'removing', to: pulled.digest, imageId: pulled.id, layers: [] });
    if (old !== undefined && old !== pulled.id)
      removal = await removeOld(deps, { id: old, reference }, order.containers);
    deps.record({ type: 'lifecycle', what: 'image-refreshed', detail: doneWords(plan, pulled.digest, removal) });
  } finally {
    if (note !== undefined) await deps.notes.drop(note).catch(() => undefined);
    deps.reached('refresh-finished');
  }
  update({ stage: 'done', ...removal });
}

/** Without a note, all that a kill could leave is an old image that nobody removes. */
async function noteDown({ notes, reached }: RefreshDeps, note: RefreshNote): Promise<void> {
  await notes.add(note).catch(() => undefined);
  reached('refresh-noted');
}

function before({ localDigest }: RefreshPlan): Pick<RefreshProgress, 'from'> {
  return localDigest === undefined ? {} : { from: localDigest };
}

function here(imageId: string | undefined): Pick<RefreshProgress, 'imageId'> {
  return imageId === undefined ? {} : { imageId };
}

function fail({ record }: RefreshDeps, { image, update }: Order, problem: string): void {
  record({ type: 'lifecycle', what: 'image-not-refreshed', detail: `${image}: ${problem}` });
  update({ stage: 'failed', problem });
}

function doneWords({ image, localDigest }: RefreshPlan, digest: string, { removedContainers, left }: Removal): string {
  const from = localDigest === undefined ? '' : `${shortDigest(localDigest)} → `;
  const containers = removedContainers.length === 0 ? '' : `; removed containers: ${removedContainers.join(', ')}`;
  return `${image}: ${from}${shortDigest(digest)}${containers}${left === undefined ? '' : `; ${leftWords(left)}`}`;
}
