import { parseImageListEntry } from '../images/image-list-entry.ts';
import type { PolicyState } from '../policy/policy.ts';
import { type Decision, type DecisionInput, need } from './decision.ts';
import type { HolderStanding, ImageFact } from './facts.ts';
import { judgeImage } from './judge-image.ts';
import type { SocketHolder } from './listener.ts';
import { DERIVED, type MountRefusal, refuseMount } from './refuse.ts';

/** The permission that a container has for its socket, as it was proven when it was given. */
export type Permission = Pick<SocketHolder, 'entry' | 'derivedFrom' | 'imageId' | 'image'>;

const STANDS: HolderStanding = { kind: 'stands' };

/**
 * Whether a container's permission still stands under a policy, as far as the policy alone can tell. The entry that was
 * once proven for it need not be proven again: a tag that moved upstream, or a registry that is away, does not cut off
 * a running container. Undefined: another entry may admit the image, which has to be looked at.
 */
export function standingByPolicy(state: PolicyState, holder: Permission): HolderStanding | undefined {
  if (state.kind === 'effective') {
    const { imageList, values } = state.policy;
    if (imageList.everything !== undefined || values['lockkeeper.localImages'].includes(holder.imageId)) return STANDS;
    if (isListed(state, holder.entry) && (holder.derivedFrom === undefined || values[DERIVED])) return STANDS;
    if (!imageList.isEmpty) return undefined;
  }
  return standingByImage(state, holder, {
    kind: 'present',
    name: holder.image,
    id: holder.imageId,
    digests: [],
    proofs: [],
  });
}

function isListed(state: Extract<PolicyState, { kind: 'effective' }>, text: string): boolean {
  const recorded = parseImageListEntry(text);
  if (!recorded.ok) return false;
  const { normalised } = recorded.entry;
  return state.policy.imageList.entries.some((entry) => entry.normalised === normalised);
}

/** Whether any entry admits the image that the container has, by what was found out about it under this policy. */
export function standingByImage(state: PolicyState, holder: Permission, image: ImageFact): HolderStanding {
  if (image.kind !== 'present') {
    const why = image.kind === 'absent' ? image.message : image.why;
    return refused(holder, {
      reason: 'image-changed',
      cause: 'its image cannot be confirmed',
      addition: `the entry that allowed it, "${holder.entry}", is not listed any more, and ${why}`,
    });
  }
  const verdict = judgeImage(state, image);
  if (!verdict.allowed) return refused(holder, verdict);
  const { entry, derivedFrom } = verdict;
  return { kind: 'stands', by: { entry, ...(derivedFrom !== undefined && { derivedFrom }) } };
}

function refused(holder: Permission, refusal: MountRefusal): HolderStanding {
  return { kind: 'refused', image: holder.image, refusal };
}

/** What a container's standing says to its requests, or undefined when they go on to the command list. */
export function decideStanding(input: DecisionInput): Decision | undefined {
  if (input.listener.kind !== 'container-socket') return undefined;
  const { holderStanding } = input.facts;
  if (holderStanding === undefined) return need('holderStanding');
  if (holderStanding.kind === 'stands') return undefined;
  return refuseMount(input, holderStanding.image, holderStanding.refusal);
}
