import type { DerivedProof, EntryProof } from '../../shared/decision/facts.ts';
import { isBuiltOn } from '../../shared/images/layers.ts';
import { formatReference, parseImageReference } from '../../shared/images/reference.ts';
import { paths } from '../../shared/policy/builtin-values.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import type { EngineClient, LocalImage } from '../engine/engine-client.ts';
import type { DigestLedger } from './digest-ledger.ts';
import type { DigestResolver } from './digest-resolver.ts';
import { type LocalIdentity, proofFromKnown, proveEntries } from './entry-proofs.ts';
import { type ListedImage, listedImages } from './listed-images.ts';

export interface DerivedDeps {
  readonly engine: Pick<EngineClient, 'image' | 'taggedImages'>;
  readonly resolver: DigestResolver;
  readonly ledger: DigestLedger;
}

export interface ParentFinder {
  /** The listed images that a local image is built on, as far as they decide: the one that admits it, or why none. */
  find(image: LocalImage, identity: LocalIdentity, policy: Policy, platform?: string): Promise<readonly DerivedProof[]>;
  /** Takes note of the confirmed images that are here now, to name them when they are gone and missed as parents. */
  takeNote(policy: Policy): Promise<void>;
}

/** An image that a registry has is not local; one that has not said so by then does not count. */
const LOCAL_ONLY_MS = 300;
const MOST_ASKED = 8;
/** Parents whose proof is asked for: the nearest ones, since one is enough. */
const MOST_PARENTS = 8;
const MOST_CACHED = 1000;

/** What made an image derived. Layers and digests cannot change; the registry's word for the parent's can. */
interface Descent {
  readonly proof: DerivedProof;
  readonly parent: ListedImage;
}

type Judgement = { readonly proof: DerivedProof; readonly parent?: ListedImage };

export function parentFinder(deps: DerivedDeps): ParentFinder {
  const images = listedImages(deps);
  // By policy and what a container runs: a policy that changes is another object.
  const descents = new WeakMap<Policy, Map<string, Descent>>();
  return {
    async find(image, identity, policy, platform) {
      const content = image.manifest ?? image.id;
      const cached = descents.get(policy)?.get(content);
      if (cached !== undefined && knownProof(deps, cached.parent, policy) !== undefined) return [cached.proof];
      const isBelow = (layers: readonly string[]) => isBuiltOn(image.layers, layers);
      const isAllowed = policy.values[paths.allowDerivedImages];
      if (isAllowed && platform === undefined) {
        const judged = await judge(
          deps,
          nearestFirst(await images.findAgain(policy, isBelow), image),
          identity,
          policy,
        );
        if (judged?.parent !== undefined) return [kept(descents, policy, content, judged)];
      }
      const parents = nearestFirst(await images.find(policy, isBelow, platform), image);
      if (!isAllowed) return parents.map((parent) => toProof(parent, 'off'));
      const judged = await judge(deps, parents, identity, policy);
      if (judged === undefined) return missingParents(deps, image, identity, policy);
      return [kept(descents, policy, content, judged)];
    },
    async takeNote(policy) {
      if (!policy.values[paths.allowDerivedImages]) return;
      for (const listed of await images.find(policy, () => true)) {
        if (knownProof(deps, listed, policy) !== undefined) note(deps, listed);
      }
    },
  };
}

function nearestFirst(listed: readonly ListedImage[], image: LocalImage): readonly ListedImage[] {
  return listed
    .filter((parent) => parent.image.id !== image.id)
    .toSorted((one, other) => other.image.layers.length - one.image.layers.length);
}

/** Undefined where there is no parent. */
async function judge(
  deps: DerivedDeps,
  all: readonly ListedImage[],
  identity: LocalIdentity,
  policy: Policy,
): Promise<Judgement | undefined> {
  const [nearest, ...others] = all;
  if (nearest === undefined) return undefined;
  const parents = [nearest, ...others.slice(0, MOST_PARENTS - 1)];
  const [localOnly, ...proofs] = await Promise.all([
    isLocalOnly(deps.resolver, identity),
    ...parents.map(async ({ checks, identity: own }) => proveEntries(deps.resolver, checks, own, policy)),
  ]);
  const confirmed = parents.flatMap((parent, place) => {
    const proof = proofs[place]?.find(({ verdict }) => verdict === 'confirmed');
    return proof === undefined ? [] : [{ parent, proof }];
  })[0];
  if (confirmed === undefined) return { proof: toProof(nearest, 'parent-unconfirmed') };
  const { parent, proof } = confirmed;
  note(deps, parent);
  if (!localOnly) return { proof: toProof(parent, 'not-local-only', proof) };
  return { proof: toProof(parent, 'derived', proof), parent };
}

function knownProof(
  { resolver }: DerivedDeps,
  { checks, identity }: ListedImage,
  policy: Policy,
): EntryProof | undefined {
  return proofFromKnown(resolver, checks, identity, policy);
}

async function isLocalOnly(resolver: DigestResolver, { names }: LocalIdentity): Promise<boolean> {
  const asked = names.flatMap(({ reference: { registry, path, digest } }) =>
    digest === undefined ? [] : [{ registry, path, digest }],
  );
  const held = asked.slice(0, MOST_ASKED).map((one) => resolver.heldWithin(one, one.digest, LOCAL_ONLY_MS));
  return !(await Promise.all(held)).includes(true);
}

/** No listed image is here that it could be built on, but one was. */
function missingParents(
  { ledger }: DerivedDeps,
  image: LocalImage,
  { names }: LocalIdentity,
  policy: Policy,
): readonly DerivedProof[] {
  const ownNames = new Set(names.map(({ reference }) => formatReference(reference)));
  return ledger.seenBelow(image.layers).flatMap((parent) => {
    const parsed = parseImageReference(parent);
    const [entry] = parsed.ok && !ownNames.has(parent) ? policy.imageList.entriesFor(parsed.reference) : [];
    return entry === undefined ? [] : [{ parent, entry, verdict: 'parent-missing' as const }];
  });
}

function note({ ledger }: DerivedDeps, { checks, image }: ListedImage): void {
  ledger.remember(formatReference(checks[0].name.reference), image.layers);
}

function toProof({ checks }: ListedImage, verdict: DerivedProof['verdict'], proof?: EntryProof): DerivedProof {
  const check = checks.find(({ entry }) => entry === proof?.entry) ?? checks[0];
  return { parent: formatReference(check.name.reference), entry: check.entry, verdict };
}

/** The proof; where it is one, it is known from now on. */
function kept(
  descents: WeakMap<Policy, Map<string, Descent>>,
  policy: Policy,
  content: string,
  { proof, parent }: Judgement,
): DerivedProof {
  if (parent === undefined) return proof;
  const cached = descents.get(policy) ?? new Map<string, Descent>();
  descents.set(policy, cached);
  cached.set(content, { proof, parent });
  const [oldest] = cached.keys();
  if (cached.size > MOST_CACHED && oldest !== undefined) cached.delete(oldest);
  return proof;
}
