import type { EntryProof } from '../../shared/decision/facts.ts';
import type { RepositoryEntry } from '../../shared/images/image-list-entry.ts';
import { type ImageReference, parseImageReference, withDefaultTag } from '../../shared/images/reference.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import type { LocalImage } from '../engine/engine-client.ts';
import type { Confirmation, DigestResolver } from './digest-resolver.ts';
import { repositoryOf, time } from './digest-resolver.ts';
import type { Repository } from './registry-question.ts';

/** One name of a local image. */
export interface CandidateName {
  readonly reference: ImageReference;
  /**
   * `asked`: the container was asked for by it, so that it counts why an entry is not proven. `tag`: another tag here.
   * `digest`: the engine has a digest for that repository, which says nothing about tags.
   */
  readonly role: 'asked' | 'tag' | 'digest';
}

/** A local image as the proofs see it. */
export interface LocalIdentity {
  /** Names that lead to it. They only say which entries to look at: anybody can tag an image. */
  readonly names: readonly CandidateName[];
  /** Digests of its content, whatever name stands before them. */
  readonly digests: readonly string[];
  /** The digest of what a container of it runs, where `digests` has that of an index. */
  readonly manifest?: string;
  /** `registry/path@digest` as the engine has them, to ask for the likeliest digest first. */
  readonly repoDigests: ReadonlySet<string>;
}

/** One entry, to be proven for one repository that fits it. */
export interface EntryCheck {
  readonly entry: RepositoryEntry;
  readonly repository: Repository;
  /** The name that fits the entry. */
  readonly name: CandidateName;
}

/** An image may have any number of tags; whoever gives it more than this does not get more questions asked. */
const MOST_CHECKS = 16;

/** The identity of a local image. `asked` is the name it is asked for by; without one, all its names count as that. */
export function identify(image: LocalImage, asked?: string): LocalIdentity {
  const names = [
    ...candidates(asked === undefined ? [] : [asked], 'asked'),
    ...candidates(image.tags, asked === undefined ? 'asked' : 'tag'),
    ...candidates(image.repoDigests, asked === undefined ? 'asked' : 'digest'),
  ];
  const digests = new Set(image.repoDigests.flatMap((name) => name.split('@')[1] ?? []));
  const repoDigests = names.flatMap(({ reference }) =>
    reference.digest === undefined ? [] : [`${repositoryOf(reference)}@${reference.digest}`],
  );
  // Only the containerd store tells of manifests, and there the ID is a digest that registries know.
  if (image.manifests !== undefined) digests.add(image.id);
  const { manifest } = image;
  return {
    names,
    digests: [...digests],
    repoDigests: new Set(repoDigests),
    ...(manifest !== undefined && { manifest }),
  };
}

function candidates(names: readonly string[], role: CandidateName['role']): readonly CandidateName[] {
  return names.flatMap((name) => {
    const parsed = parseImageReference(name);
    return parsed.ok ? [{ reference: withDefaultTag(parsed.reference), role }] : [];
  });
}

/** The entries but `*` that one of the names fits, each with the repository to ask; names asked for come first. */
export function checksFor(names: readonly CandidateName[], { imageList }: Policy): readonly EntryCheck[] {
  const checks = new Map<string, EntryCheck>();
  for (const name of names) {
    const { registry, path } = name.reference;
    for (const entry of imageList.entriesFor(name.reference)) {
      const key = `${entry.normalised} ${registry}/${path}`;
      if (!checks.has(key)) checks.set(key, { entry, repository: { registry, path }, name });
      if (checks.size === MOST_CHECKS) return [...checks.values()];
    }
  }
  return [...checks.values()];
}

/**
 * Proves the entries for an image. One that is confirmed is enough: no registry is asked about the others then. Of
 * those that are not, only the ones for the name asked for are told.
 */
export async function proveEntries(
  resolver: DigestResolver,
  checks: readonly EntryCheck[],
  image: LocalIdentity,
  policy: Policy,
): Promise<readonly EntryProof[]> {
  const known = proofFromKnown(resolver, checks, image, policy);
  if (known !== undefined) return [known];
  const asked = checks.filter(isWorthAsking);
  const proofs = asked.map((check) => prove(resolver, check, image, policy));
  const confirmed = await firstConfirmed(proofs);
  if (confirmed !== undefined) return [confirmed];
  return (await Promise.all(proofs)).filter((_, place) => asked[place]?.name.role === 'asked');
}

/** That a repository has the image's digest somewhere is no reason to ask for each of its tags. */
function isWorthAsking({ entry, name }: EntryCheck): boolean {
  return name.role !== 'digest' || (entry.kind !== 'pinned' && tagOf(entry) === undefined);
}

/** The first entry that is confirmed without any question. */
export function proofFromKnown(
  resolver: DigestResolver,
  checks: readonly EntryCheck[],
  image: LocalIdentity,
  { values }: Policy,
): EntryProof | undefined {
  const { digests } = image;
  const own = ownDigests(image);
  for (const { entry, repository } of checks) {
    if (entry.kind === 'pinned') {
      if (own.includes(entry.digest)) return { entry, verdict: 'confirmed', detail: 'it carries the pinned digest' };
      continue;
    }
    const tag = tagOf(entry);
    const known =
      tag === undefined ? resolver.knownHolds(repository, digests) : resolver.knownTag(repository, tag, own, values);
    if (known !== undefined) return toProof(entry, known);
  }
  return undefined;
}

async function prove(
  resolver: DigestResolver,
  { entry, repository }: EntryCheck,
  image: LocalIdentity,
  { values }: Policy,
): Promise<EntryProof> {
  const { digests, repoDigests } = image;
  if (entry.kind === 'pinned') {
    return { entry, verdict: 'pinned-digest-differs', detail: `the list pins ${entry.digest}` };
  }
  const tag = tagOf(entry);
  if (tag !== undefined) return toProof(entry, await resolver.tag(repository, tag, ownDigests(image), values));
  const isRecorded = (digest: string) => repoDigests.has(`${repositoryOf(repository)}@${digest}`);
  const likeliestFirst = digests.toSorted((one, other) => Number(isRecorded(other)) - Number(isRecorded(one)));
  return toProof(entry, await resolver.holds(repository, likeliestFirst));
}

/** Those that a pinned entry, or a registry's tag, may name. Which others of its index there are does not count. */
function ownDigests({ digests, manifest }: LocalIdentity): readonly string[] {
  return manifest === undefined || digests.includes(manifest) ? digests : [...digests, manifest];
}

/** The tag that the registry's digest is wanted of; undefined where any image of the repository will do. */
function tagOf(entry: Exclude<RepositoryEntry, { kind: 'pinned' }>): string | undefined {
  return entry.kind === 'anyTag' ? undefined : entry.tag;
}

function toProof(entry: RepositoryEntry, found: Confirmation): EntryProof {
  const { detail } = found;
  switch (found.kind) {
    case 'confirmed': {
      const { digest: registryDigest, until } = found;
      return {
        entry,
        verdict: 'confirmed',
        registryDigest,
        ...(until !== undefined && { countsUntil: time(until) }),
        detail,
      };
    }
    case 'differs': {
      const { registryDigest, since } = found;
      return {
        entry,
        verdict: 'digest-differs',
        ...(registryDigest !== undefined && { registryDigest }),
        ...(since !== undefined && { registryHasItSince: time(since) }),
        detail,
      };
    }
    case 'unknown':
      return { entry, verdict: 'registry-unreachable', detail, trouble: found.trouble };
  }
}

/** As soon as one is confirmed, that one: the answers of slower registries make no difference. */
async function firstConfirmed(proofs: readonly Promise<EntryProof>[]): Promise<EntryProof | undefined> {
  const confirmed = proofs.map(async (proof) => {
    const one = await proof;
    if (one.verdict !== 'confirmed') throw new NotConfirmed();
    return one;
  });
  try {
    return await Promise.any(confirmed);
  } catch {
    return undefined;
  }
}

class NotConfirmed extends Error {}
