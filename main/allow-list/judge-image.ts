import { parseImageReference } from '../../shared/images/reference.ts';
import type { RegistryTrouble } from '../../shared/images/registry-trouble.ts';
import type { AllowListEntry, ListedImageState } from '../../shared/ipc/allow-list.ts';
import type { DigestResolver, Standing, Terms } from '../images/digest-resolver.ts';
import { inWords, isFailure } from '../images/registry-question.ts';
import { digestsOf, type EntryImage } from './entry-images.ts';

/** What registries have said, and what it counts for: the enforcer's own answer, not a second opinion. */
export type Registries = Pick<DigestResolver, 'knownTag' | 'knownHolds' | 'standing'>;

/** Why a registry has nothing to say for an image now. */
export interface Failure {
  readonly state: 'absent' | 'unreachable' | 'denied';
  readonly why: string;
  /** Absent where the registry has told that there is nothing. */
  readonly trouble?: RegistryTrouble;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

export interface Judged {
  readonly state: ListedImageState;
  readonly why?: string;
  readonly trouble?: RegistryTrouble;
  readonly since?: number;
  /** Until when it still counts, although the registry has another one now (milliseconds since 1970). */
  readonly until?: number;
}

const NO_DIGEST = 'no registry has ever had it under its present content';

export function failureOf({ last }: Standing): Failure | undefined {
  if (last === undefined || last.answer.kind === 'digest') return undefined;
  const { answer, failingSince } = last;
  const why = inWords(answer);
  if (!isFailure(answer)) return { state: 'absent', why };
  const state = answer.kind === 'denied' ? 'denied' : 'unreachable';
  return { state, why, trouble: answer.trouble, ...(failingSince !== undefined && { since: failingSince }) };
}

/** An image against what the registry has under a tag. */
export function judgeByTag(registries: Registries, one: EntryImage, tag: string, terms: Terms): Judged {
  const digests = digestsOf(one.image);
  const known = registries.knownTag(one.repository, tag, digests, terms);
  if (known?.kind === 'confirmed') {
    const { until, detail: why } = known;
    return until === undefined ? { state: 'confirmed' } : { state: 'previous', why, until };
  }
  const standing = registries.standing(one.repository, `:${tag}`);
  const failure = failureOf(standing);
  if (failure !== undefined) return failure;
  // The same digest again is an answer that has become too old to count.
  if (standing.digest === undefined || digests.includes(standing.digest)) return { state: 'unconfirmed' };
  return digests.length === 0 ? { state: 'stale', why: NO_DIGEST } : { state: 'stale' };
}

/** An image that may have any tag, against what the registry has in its repository. */
export function judgeByRepository(registries: Registries, { image, repository }: EntryImage): Judged {
  const digests = digestsOf(image);
  if (digests.length === 0) return { state: 'stale', why: NO_DIGEST };
  if (registries.knownHolds(repository, digests) !== undefined) return { state: 'confirmed' };
  const failures = digests.map((digest) => failureOf(registries.standing(repository, `@${digest}`)));
  const failing = failures.find((failure) => failure !== undefined && failure.state !== 'absent');
  if (failing !== undefined) return failing;
  const [first] = failures;
  if (first === undefined || failures.includes(undefined)) return { state: 'unconfirmed' };
  return { state: 'stale', why: first.why };
}

/** A judged image as it is told. */
export function listed(one: EntryImage, { state, why, trouble }: Judged): AllowListEntry['images'][0] {
  const { image, name } = one;
  const digest = ownDigest(one);
  return {
    ...(name !== undefined && { name }),
    imageId: image.id,
    ...(digest !== undefined && { digest }),
    createdAt: image.createdAt,
    state,
    ...(why !== undefined && { detail: why }),
    ...(trouble !== undefined && { trouble }),
  };
}

/** The digest that the engine has for the repository that is meant; else any, since all are of this content. */
function ownDigest({ image, repository }: EntryImage): string | undefined {
  const own = image.repoDigests.flatMap((text) => {
    const parsed = parseImageReference(text);
    if (!parsed.ok) return [];
    const { registry, path, digest } = parsed.reference;
    return registry === repository.registry && path === repository.path ? (digest ?? []) : [];
  });
  return own[0] ?? digestsOf(image)[0];
}
