import { familiarName, parseImageReference } from '../images/reference.ts';
import { type TroubleWords, troubleWords } from '../images/registry-trouble.ts';
import { shortDigest } from '../messages/refusal.ts';
import type { PolicyState } from '../policy/policy.ts';
import type { DerivedProof, EntryProof, ImageFact } from './facts.ts';
import type { MountRefusal } from './refuse.ts';
import { DERIVED, IMAGES, invalidPolicy, whereSet } from './refuse.ts';

type PresentImage = Extract<ImageFact, { kind: 'present' }>;

export type ImageVerdict =
  /**
   * `derivedFrom` is the parent that the entry admits, where it does not admit the image itself. `until`: the registry has
   * another image by now, and this one still counts until then.
   */
  | { readonly allowed: true; readonly entry: string; readonly derivedFrom?: string; readonly until?: string }
  | ({ readonly allowed: false } & MountRefusal);

/** Whether the image list lets this image have a socket, by the proofs that were found for it. */
export function judgeImage(state: PolicyState, image: PresentImage): ImageVerdict {
  if (state.kind === 'closed') {
    const addition = invalidPolicy(state);
    return { allowed: false, reason: 'policy-invalid', cause: 'the policy is not valid', addition };
  }
  const { imageList, values } = state.policy;
  if (imageList.everything !== undefined) return { allowed: true, entry: imageList.everything.text };
  if (values['lockkeeper.localImages'].includes(image.id)) {
    return { allowed: true, entry: `lockkeeper.localImages ${image.id}` };
  }
  const proven = image.proofs.find((proof) => proof.verdict === 'confirmed');
  if (proven !== undefined) {
    const { entry, countsUntil: until } = proven;
    return { allowed: true, entry: entry.text, ...(until !== undefined && { until }) };
  }
  const derived = image.derived?.find((proof) => proof.verdict === 'derived');
  if (derived !== undefined) return { allowed: true, entry: derived.entry.text, derivedFrom: derived.parent };
  return { allowed: false, ...whyNot(state, image) };
}

function whyNot(state: PolicyState, image: PresentImage): MountRefusal {
  const file = whereSet(state, IMAGES);
  const unproven = mostTelling(image.proofs);
  if (unproven !== undefined) return unprovenEntry(unproven, image, file);
  const parent = image.derived?.[0];
  if (parent !== undefined) return notDerived(parent, file);
  if (state.kind === 'effective' && state.policy.imageList.isEmpty) {
    return {
      reason: 'list-empty',
      cause: 'the allowed list is empty',
      addition: `no image may have the Docker socket; add "${image.name}" to imageList.images (${file})`,
      rule: 'imageList.images is empty',
    };
  }
  return {
    reason: 'not-listed',
    cause: 'image is not in the allowed list',
    addition: `add "${image.name}" to imageList.images (${file})${derivedHint(state)}`,
    rule: 'not in imageList.images',
  };
}

function derivedHint(state: PolicyState): string {
  if (state.kind !== 'effective' || !state.policy.values[DERIVED]) return '';
  return '; it is not built on a listed image either: its first layers are those of none (of what is squashed, imported or copied from one, they never are)';
}

/** Of several entries that fit the name, the one whose cure helps: a moved digest before a registry that is away. */
function mostTelling(proofs: readonly EntryProof[]): EntryProof | undefined {
  const order = ['digest-differs', 'pinned-digest-differs', 'registry-unreachable'] as const;
  return order.flatMap((verdict) => proofs.filter((proof) => proof.verdict === verdict))[0];
}

function unprovenEntry(proof: EntryProof, image: PresentImage, file: string): MountRefusal {
  const entry = proof.entry.text;
  const rule = `image list entry "${entry}"`;
  const local = image.digests[0] === undefined ? 'has no registry digest' : `is ${shortDigest(image.digests[0])}`;
  if (proof.verdict === 'registry-unreachable') {
    const { because, cure } = troubleOf(proof);
    return {
      reason: 'registry-unreachable',
      cause: `its digest could not be confirmed because ${because}`,
      addition: `"${proof.entry.text}" is listed (${file}), but ${proof.detail}; ${cure}`,
      rule,
      entry,
    };
  }
  if (proof.verdict === 'pinned-digest-differs') {
    return {
      reason: 'pinned-digest-differs',
      cause: 'its digest is not the pinned one',
      addition: `the list pins "${proof.entry.text}" (${file}), the local image ${local}; ${pullPinned(proof)}`,
      rule,
      entry,
    };
  }
  const { registryDigest, registryHasItSince: since } = proof;
  const known =
    registryDigest === undefined
      ? proof.detail
      : `the registry has ${shortDigest(registryDigest)}${since === undefined ? '' : ` (seen there since ${since})`}`;
  return {
    reason: 'digest-differs',
    cause: "its digest differs from the registry's",
    addition: `the local image ${local}, ${known}; ${pullAgain(proof, image.name)}`,
    rule,
    entry,
  };
}

function troubleOf({ entry, trouble = 'unreached' }: EntryProof): TroubleWords {
  return troubleWords(trouble, 'registry' in entry ? entry.registry : '');
}

function pullPinned(proof: EntryProof): string {
  return `run: docker pull ${proof.entry.text}`;
}

/** With names as people type them, for commands to copy: `docker:cli`. */
function pullAgain({ entry }: EntryProof, asked: string): string {
  const parsed = parseImageReference(asked);
  if (parsed.ok && parsed.reference.tag !== undefined) {
    const name = familiarName({ ...parsed.reference, digest: undefined });
    return `run: docker image rm ${name} && docker pull ${name}`;
  }
  // What was named by its digest, or by its ID, can be pulled again as often as one likes: it stays what it is.
  if (entry.kind !== 'tag') return 'pull it by a tag that its registry has, and use it by that name';
  const { registry, path, tag } = entry;
  return `run: docker pull ${familiarName({ registry, path, tag, digest: undefined })} and use it by that name`;
}

function notDerived(proof: DerivedProof, file: string): MountRefusal {
  const entry = proof.entry.text;
  const rule = `image list entry "${entry}"`;
  if (proof.verdict === 'off') {
    return {
      reason: 'derived-off',
      cause: 'image is derived from an allowed image, but derived images are not allowed',
      addition: `it is built on "${proof.parent}"; set imageList.allowDerivedImages to true (${file})`,
      rule: 'imageList.allowDerivedImages is false',
    };
  }
  if (proof.verdict === 'parent-missing') {
    return {
      reason: 'derived-parent-missing',
      cause: 'the image it was built on is not present',
      addition: `"${proof.entry.text}" is listed (${file}); run: docker pull ${proof.parent}`,
      rule,
      entry,
    };
  }
  if (proof.verdict === 'not-local-only') {
    return {
      reason: 'not-listed',
      cause: 'image is not in the allowed list',
      addition: `it is built on "${proof.parent}", but a registry has it too; list it by its own name (${file})`,
      rule,
      entry,
    };
  }
  return {
    reason: 'derived-parent-unconfirmed',
    cause: 'the image it was built on is not confirmed',
    addition: `it is built on "${proof.parent}", which the registry does not confirm for "${proof.entry.text}" (${file}); run: docker image rm ${proof.parent} && docker pull ${proof.parent}`,
    rule,
    entry,
  };
}
