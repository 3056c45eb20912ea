import { imageName as canonicalName } from '../../shared/decision/decide-create.ts';
import type { EntryProof, ImageFact } from '../../shared/decision/facts.ts';
import { familiarName, formatReference, parseImageReference, withDefaultTag } from '../../shared/images/reference.ts';
import { paths } from '../../shared/policy/builtin-values.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import { type EngineClient, EngineError, type LocalImage } from '../engine/engine-client.ts';
import { parentFinder } from './derived.ts';
import type { DigestLedger } from './digest-ledger.ts';
import type { DigestResolver } from './digest-resolver.ts';
import { checksFor, identify, type LocalIdentity, proveEntries } from './entry-proofs.ts';

export interface ImageFactsDeps {
  readonly engine: Pick<EngineClient, 'image' | 'taggedImages' | 'info'>;
  readonly resolver: DigestResolver;
  readonly ledger: DigestLedger;
}

/** Which image is meant, where its name does not tell. */
export interface WhichImage {
  /** The image that a container has already, whatever its name means today. */
  readonly imageId?: string | undefined;
  /** One ID may stand for the images of several platforms; without it, the engine's own choice. */
  readonly platform?: string | undefined;
}

export interface ImageFacts {
  /**
   * What there is to know about the image of a container that asks for a socket. Rejects with an EngineError when the
   * engine is away.
   */
  gather(imageName: string, policy: Policy, which?: WhichImage): Promise<ImageFact>;
  /** See ParentFinder. */
  takeNote(policy: Policy): Promise<void>;
}

/** Storage drivers of the classic image store, where an image ID is the digest of a config and never a registry's. */
const CLASSIC_DRIVERS: ReadonlySet<string> = new Set([
  'overlay2',
  'vfs',
  'overlay',
  'aufs',
  'devicemapper',
  'windowsfilter',
]);

export function imageFacts(deps: ImageFactsDeps): ImageFacts {
  const parents = parentFinder(deps);
  return {
    takeNote: parents.takeNote,
    async gather(imageName, policy, which = {}) {
      const found = await lookUp(deps.engine, imageName, which);
      if (found.kind !== 'found') return found.fact;
      const image = await withSureLayers(deps.engine, found.image, which.platform);
      const { id, manifest } = image;
      const name = nameFor(imageName, image);
      const fact = { kind: 'present', name, id, ...(manifest !== undefined && { manifest }) } as const;
      const named = identify(image, name === image.id ? undefined : imageName);
      if (needsNoProof(policy, image)) return { ...fact, digests: named.digests, proofs: [] };
      const checks = checksFor(named.names, policy);
      const identity = checks.length === 0 ? named : await withOwnDigest(deps.engine, image, named);
      const proven = await proveEntries(deps.resolver, checks, identity, policy);
      const proofs = await Promise.all(proven.map((proof) => proofByIndex(deps.engine, proof, image)));
      const confirmed = proofs.find(({ verdict }) => verdict === 'confirmed');
      const check = checks.find(({ entry }) => entry === confirmed?.entry);
      if (check !== undefined) deps.ledger.remember(formatReference(check.name.reference), image.layers);
      // Why an entry is not proven tells more than that derived images are off.
      const isDecided = confirmed !== undefined || (proofs.length > 0 && !policy.values[paths.allowDerivedImages]);
      const derived = isDecided ? undefined : await parents.find(image, identity, policy, which.platform);
      return { ...fact, digests: identity.digests, proofs, ...(derived !== undefined && { derived }) };
    },
  };
}

type LookUp =
  | { readonly kind: 'found'; readonly image: LocalImage }
  | { readonly kind: 'none'; readonly fact: ImageFact };

async function lookUp(
  engine: ImageFactsDeps['engine'],
  name: string,
  { imageId, platform }: WhichImage,
): Promise<LookUp> {
  const unverifiable = (why: string): LookUp => ({
    kind: 'none',
    fact: { kind: 'unverifiable', name: canonicalName(name), why },
  });
  // Without a name the path would be that of another route.
  if ((imageId ?? name) === '') return unverifiable('no image is named');
  try {
    const image = await engine.image(imageId ?? name, platform);
    if (image !== undefined) return { kind: 'found', image };
  } catch (error) {
    const isRefusal = error instanceof EngineError && error.status !== undefined && error.status < 500;
    if (!isRefusal) throw error;
    return unverifiable(`the engine says: ${error.message}`);
  }
  if (imageId !== undefined) return unverifiable(`its image ${imageId} is not there any more`);
  return { kind: 'none', fact: { kind: 'absent', message: `No such image: ${asEngineSays(name)}` } };
}

/** The name in the engine's 404 (moby images.ErrImageDoesNotExist): short, with its tag. */
function asEngineSays(name: string): string {
  const parsed = parseImageReference(name);
  return parsed.ok ? familiarName(withDefaultTag(parsed.reference)) : name;
}

/** Canonical, or the whole ID when the image was named by a part of it. */
function nameFor(given: string, image: LocalImage): string {
  const isPartOfId =
    /^(?:sha256:)?[0-9a-f]{1,64}$/.test(given) &&
    image.id.replace('sha256:', '').startsWith(given.replace('sha256:', ''));
  const isTag = image.tags.some((tag) => canonicalName(tag) === canonicalName(given));
  return isPartOfId && !isTag ? image.id : canonicalName(given);
}

/**
 * An engine before 28 with the containerd store shows the layers of its own platform, whichever is asked for: what an
 * image for another one is built on is not known then.
 */
async function withSureLayers(
  engine: ImageFactsDeps['engine'],
  image: LocalImage,
  platform: string | undefined,
): Promise<LocalImage> {
  if (platform === undefined || image.manifests !== undefined || (await isClassic(engine))) return image;
  return { ...image, layers: [] };
}

/**
 * An image that was pulled by the digest of its platform is not the index that the registry has under the tag. It is in
 * that index, though, and where that is here, too, the engine knows what it lists.
 */
async function proofByIndex(
  engine: ImageFactsDeps['engine'],
  proof: EntryProof,
  { manifest }: LocalImage,
): Promise<EntryProof> {
  const { verdict, registryDigest } = proof;
  if (verdict !== 'digest-differs' || registryDigest === undefined || manifest === undefined) return proof;
  const index = await engine.image(registryDigest);
  if (index?.id !== registryDigest || index.manifests?.includes(manifest) !== true) return proof;
  return { ...proof, verdict: 'confirmed', detail: `the registry's ${registryDigest} lists it` };
}

/**
 * The image ID where it is a digest that registries know: in the containerd store. There every named image also has it
 * in its RepoDigests, so the engine is asked for its store only about images without a name.
 */
async function withOwnDigest(
  engine: ImageFactsDeps['engine'],
  image: LocalImage,
  identity: LocalIdentity,
): Promise<LocalIdentity> {
  if (identity.digests.length > 0 || (await isClassic(engine))) return identity;
  return { ...identity, digests: [image.id] };
}

async function isClassic(engine: ImageFactsDeps['engine']): Promise<boolean> {
  return CLASSIC_DRIVERS.has((await engine.info()).store);
}

function needsNoProof({ imageList, values }: Policy, image: LocalImage): boolean {
  return imageList.everything !== undefined || values['lockkeeper.localImages'].includes(image.id);
}
