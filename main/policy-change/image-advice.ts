import { judgeImage } from '../../shared/decision/judge-image.ts';
import type { imageRemarks, PolicyChange } from '../../shared/ipc/policy-change.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { ImageService } from '../images/image-service.ts';

export interface ImageQuestions {
  readonly engine: Pick<EngineClient, 'image'>;
  readonly image: ImageService['gather'];
}

/** What is known before an image is listed; `instead` is the change that helps where the one asked for would not. */
export interface Advice {
  readonly remark?: (typeof imageRemarks)[number];
  readonly instead?: PolicyChange;
}

/** Whether listing an image by its name would let it in, by what engine and registry say. */
export interface ImageAdvice {
  /** Asks no registry: it is asked about each decision that somebody looks at. */
  byIdInstead(change: PolicyChange): Promise<PolicyChange | undefined>;
  /** Asks as the decision itself would under the policy that is proposed. */
  beforeListing(change: PolicyChange, proposed: Policy): Promise<Advice>;
}

export function imageAdvice({ engine, image }: ImageQuestions): ImageAdvice {
  return {
    async byIdInstead(change) {
      if (change.kind !== 'add-image') return undefined;
      const found = await engine.image(change.entry).catch(() => undefined);
      // The classic store has digests of what was pulled or pushed only; the other one makes them up for every name.
      return found?.repoDigests.length === 0 ? { kind: 'add-local-image', id: found.id } : undefined;
    },
    async beforeListing(change, proposed) {
      if (change.kind !== 'add-image') return {};
      const fact = await image(change.entry, proposed).catch(() => undefined);
      if (fact?.kind !== 'present') return {};
      const state = { kind: 'effective', generation: 0, policy: proposed, warnings: [], problems: [] } as const;
      const verdict = judgeImage(state, fact);
      if (verdict.allowed) return {};
      if (verdict.reason === 'registry-unreachable') return { remark: 'registry-unreachable' };
      const isKnown = fact.proofs.some(({ registryDigest }) => registryDigest !== undefined);
      if (isKnown) return { remark: 'stale' };
      return { remark: 'in-no-registry', instead: { kind: 'add-local-image', id: fact.id } };
    },
  };
}
