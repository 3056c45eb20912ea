import {
  familiarName,
  type ImageReference,
  isImageId,
  parseImageReference,
  repositoryName,
  withDefaultTag,
} from '../../shared/images/reference.ts';
import type { Pin } from '../../shared/ipc/pin.ts';
import type { EngineClient, LocalImage } from '../engine/engine-client.ts';
import { EngineError } from '../engine/engine-client.ts';
import type { Confirmation, DigestResolver } from '../images/digest-resolver.ts';

export interface PinDeps {
  readonly engine: Pick<EngineClient, 'image'>;
  readonly digests: Pick<DigestResolver, 'holds'>;
}

/** An image may have any number of names; registries are not asked about more than these. */
const MOST_NAMES = 8;

/** Finds out how an image of this machine is written into the policy. Never rejects. */
export async function pinImage({ engine, digests }: PinDeps, image: string): Promise<Pin> {
  const impossible = (problem: string): Pin => ({ kind: 'impossible', image, problem });
  const parsed = parseImageReference(image);
  if (!parsed.ok && !isImageId(image)) return impossible(parsed.problem);
  let found: LocalImage | undefined;
  try {
    found = await engine.image(image);
  } catch (error) {
    return impossible(error instanceof EngineError ? `the engine does not say: ${error.message}` : String(error));
  }
  if (found === undefined) return impossible(`it is not on this machine; run: docker pull ${image}`);
  const carried = found.repoDigests.flatMap((name) => name.split('@')[1] ?? []);
  const answers: Confirmation[] = [];
  // One after the other: the first that confirms is enough, and each question counts as a pull at some registries.
  for (const name of namesOf(found, image)) {
    const answer = await digests.holds(name, carried);
    if (answer.kind === 'confirmed') {
      return { kind: 'digest', image, entry: familiarName({ ...name, digest: answer.digest }) };
    }
    answers.push(answer);
  }
  return { kind: 'id', image, entry: found.id, why: whyById(carried, answers) };
}

/** One name for each repository that it has here, the one asked for first. That may be an ID, which is no repository. */
function namesOf({ tags, repoDigests }: LocalImage, asked: string): readonly ImageReference[] {
  const repositories = new Map<string, ImageReference>();
  for (const name of [...tags, ...repoDigests]) {
    const parsed = parseImageReference(name);
    if (!parsed.ok || repositories.has(repositoryName(parsed.reference))) continue;
    repositories.set(repositoryName(parsed.reference), parsed.reference);
  }
  const wanted = parseImageReference(asked);
  const first = wanted.ok ? repositoryName(wanted.reference) : '';
  const named = wanted.ok && repositories.has(first) ? [withDefaultTag(wanted.reference)] : [];
  repositories.delete(first);
  return [...named, ...repositories.values()].slice(0, MOST_NAMES);
}

function whyById(carried: readonly string[], answers: readonly Confirmation[]): string {
  if (carried.length === 0) return 'it was neither pulled nor pushed, so that it has no digest';
  const unknown = answers.find((answer) => answer.kind === 'unknown');
  return unknown === undefined
    ? 'no registry has it'
    : `its registry could not be asked: ${unknown.detail}; ${unknown.cure}`;
}
