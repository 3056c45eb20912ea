import {
  defaultTag,
  describeProblem,
  digestProblem,
  isImageId,
  officialNamespace,
  pathProblem,
  splitReference,
  tagProblem,
  withOfficialNamespace,
} from './reference-grammar.ts';

export { isImageId };

/**
 * An image reference in normalised form. Registries are compared by their exact spelling, as the engine does.
 * `registry-1.docker.io` is `docker.io` here but a name of its own in the engine's image store: to ask the engine for
 * a local image, use the name as the client wrote it, not the normalised one.
 */
export interface ImageReference {
  /** Host with optional port; `docker.io` for Docker Hub under each of its names. */
  readonly registry: string;
  /** Repository path within the registry, with `library/` for official images: `library/docker`. */
  readonly path: string;
  readonly tag: string | undefined;
  /** `algorithm:hex`. Where both tag and digest are given, the digest alone decides which image it is. */
  readonly digest: string | undefined;
}

export type ReferenceParse =
  | { readonly ok: true; readonly reference: ImageReference }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads what `docker run` takes as an image name. No tag is added: see `withDefaultTag`. Image IDs are refused with
 * that reason, since they name no repository (`isImageId` recognises full ones; whether a short hexadecimal name is
 * an abbreviated ID only the engine knows). One oddity of the engine's parser is refused, too: `foo_bar.com/x`, whose
 * first component reads as a registry without being a valid host, and which would belong to no registry at all.
 */
export function parseImageReference(text: string): ReferenceParse {
  const split = splitReference(text);
  if (!split.ok) return split;
  const { registry, tag, digest } = split.parts;
  const path = withOfficialNamespace(registry, split.parts.path);
  const problem =
    pathProblem(path) ??
    (tag === undefined ? undefined : tagProblem(tag)) ??
    (digest === undefined ? undefined : digestProblem(digest));
  if (problem !== undefined) return { ok: false, problem: describeProblem(text, problem) };
  return { ok: true, reference: { registry, path, tag, digest } };
}

/** Adds `latest` where there is neither tag nor digest, which is what the engine does before it runs or pulls. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  if (reference.tag !== undefined || reference.digest !== undefined) return reference;
  return { ...reference, tag: defaultTag };
}

/** Registry and path without tag and digest: `docker.io/library/docker`. */
export function repositoryName(reference: Pick<ImageReference, 'registry' | 'path'>): string {
  return `${reference.registry}/${reference.path}`;
}

/** The canonical form, `docker.io/library/docker:cli`; a tag or digest appears only where the reference has one. */
export function formatReference(reference: ImageReference): string {
  return repositoryName(reference) + suffix(reference);
}

/**
 * The short form that `docker ps` and `docker images` print: without `docker.io/`, and without `library/` for official
 * images. Unlike Docker's, it always reads back as the same image: what would be taken for a registry
 * (`docker.io/foo.bar/x`) or an image ID keeps as much of its prefix as it needs.
 */
export function familiarName(reference: ImageReference): string {
  const full = formatReference(reference);
  const short = reference.path + suffix(reference);
  const prefix = `${officialNamespace}/`;
  const candidates = short.startsWith(prefix) ? [short.slice(prefix.length), short] : [short];
  return candidates.find((name) => readsAs(name, full)) ?? full;
}

function readsAs(text: string, canonical: string): boolean {
  const parse = parseImageReference(text);
  return parse.ok && formatReference(parse.reference) === canonical;
}

function suffix({ tag, digest }: ImageReference): string {
  return (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
}
