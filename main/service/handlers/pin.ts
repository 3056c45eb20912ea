import { pinImage } from '../../pin/pin.ts';
import type { AllowListDeps } from './allow-list.ts';
import type { HandlersFor } from './handlers-for.ts';

export type PinDeps = Pick<AllowListDeps, 'images' | 'facts'>;

/** How an image would be written into the policy. */
export function pinHandlers({ images, facts }: PinDeps): HandlersFor<'pinImage'> {
  const deps = { engine: facts.engine, digests: images.digests };
  return {
    requests: { pinImage: async ({ image }) => ({ ok: true, value: await pinImage(deps, image) }) },
    pushes: {},
  };
}
