import {
  defaultTag,
  describeProblem,
  digestProblem,
  dockerHub,
  isImageId,
  isPathComponent,
  pathProblem,
  pathShapeProblem,
  quoteText,
  type ReferenceParts,
  splitReference,
  tagProblem,
  withOfficialNamespace,
  wrongComponent,
} from './reference-grammar.ts';

interface EntryText {
  /** The entry as the policy has it. */
  readonly text: string;
  /** The one spelling of everything that admits the same images; reads back as an equal entry. */
  readonly normalised: string;
}

/** `*`: every image, without looking at digests. */
export interface EverythingEntry extends EntryText {
  readonly kind: 'everything';
}

/** `name` or `name:tag`: what the registry has under that tag now. */
export interface TagEntry extends EntryText {
  readonly kind: 'tag';
  readonly registry: string;
  readonly path: string;
  readonly tag: string;
}

/** `name:*`: whatever that repository holds. */
export interface AnyTagEntry extends EntryText {
  readonly kind: 'anyTag';
  readonly registry: string;
  readonly path: string;
}

/** `name@digest` or `name:tag@digest`: that one image of that repository. */
export interface PinnedEntry extends EntryText {
  readonly kind: 'pinned';
  readonly registry: string;
  readonly path: string;
  /** Only for display: the digest decides. */
  readonly tag: string | undefined;
  readonly digest: string;
}

/** Wildcards in the repository path, as described in `path-glob.ts`. */
export interface GlobEntry extends EntryText {
  readonly kind: 'glob';
  readonly registry: string;
  /** The pattern of the path, with `library/` where a name would have it. */
  readonly pattern: string;
  /** Absent for any tag. */
  readonly tag: string | undefined;
}

export type RepositoryEntry = TagEntry | AnyTagEntry | PinnedEntry | GlobEntry;
export type ImageListEntry = EverythingEntry | RepositoryEntry;

export type EntryParse =
  | { readonly ok: true; readonly entry: ImageListEntry; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** Registries where anyone may open a namespace: a wildcard there admits images of strangers. */
const publicRegistries: ReadonlySet<string> = new Set([
  dockerHub,
  'ghcr.io',
  'public.ecr.aws',
  'quay.io',
  'registry.gitlab.com',
]);

/**
 * Reads one entry of the image list. Names are normalised as Docker does, and patterns in the same way, so that a
 * pattern covers just the names that could be written in its place:
 *
 * - `foo*` is `docker.io/library/foo*:latest`: the official images whose name begins with foo.
 * - `*:*` is `docker.io/library/*:*`: every official image, not everything.
 * - A `*` before `/foo` is `docker.io/` and the same: the repository foo of every Docker Hub account.
 * - `**` is `docker.io/**:latest`: all of Docker Hub, since `**` stands for several components, not for one.
 * - `ghcr.io/**:*` is all of that registry.
 *
 * No wildcard ever stands for a registry host; only the entry `*` by itself is not bound to one.
 */
export function parseImageListEntry(text: string): EntryParse {
  if (text === '*') {
    const warning = describeProblem(text, 'lets every container have the Docker socket, without any proof of origin');
    return { ok: true, entry: { kind: 'everything', text, normalised: '*' }, warnings: [warning] };
  }
  if (isImageId(text)) {
    const predicate = 'is an image ID: list images by name, or put the ID with its sha256: into lockkeeper.localImages';
    return { ok: false, problem: describeProblem(text, predicate) };
  }
  const split = splitReference(text);
  if (!split.ok) return split;
  const problem = partsProblem(split.parts);
  if (problem !== undefined) return { ok: false, problem: describeProblem(text, problem) };
  const entry = readParts(text, split.parts);
  return { ok: true, entry, warnings: entryWarnings(entry).map((warning) => describeProblem(text, warning)) };
}

function partsProblem({ registry, path, tag, digest }: ReferenceParts): string | undefined {
  const isGlob = path.includes('*');
  return (
    namespaceProblem(registry) ??
    (isGlob ? patternProblem(patternPath(registry, path)) : pathProblem(withOfficialNamespace(registry, path))) ??
    (tag === undefined ? undefined : entryTagProblem(tag, digest)) ??
    (digest === undefined ? undefined : entryDigestProblem(digest, isGlob))
  );
}

/**
 * Docker takes `Foo/bar` for a repository of the host Foo, because upper case is allowed nowhere else. In a list it is
 * a slip of the shift key far more often than a host without a dot.
 */
function namespaceProblem(registry: string): string | undefined {
  if (/[.:]/.test(registry) || registry === 'localhost') return undefined;
  return `has upper case in its repository name: write ${quoteText(registry.toLowerCase())}, or a port behind it if it is a registry host`;
}

/** `library/` for patterns as for names, except that a lone `**` is not one component. */
function patternPath(registry: string, path: string): string {
  return path === '**' ? path : withOfficialNamespace(registry, path);
}

function patternProblem(pattern: string): string | undefined {
  const shape = pathShapeProblem(pattern);
  if (shape !== undefined) return shape;
  const components = pattern.split('/');
  const mixed = components.find((component) => component.includes('**') && component !== '**');
  if (mixed !== undefined) {
    return `has ** within the path component ${quoteText(mixed)}: ** takes the place of whole components, * that of a part of one`;
  }
  // A pattern fits some valid component exactly if it is one itself with a letter in place of each wildcard.
  return wrongComponent(components, (part) => isPathComponent(part.replaceAll('*', 'a')));
}

function entryTagProblem(tag: string, digest: string | undefined): string | undefined {
  if (tag === '*') {
    if (digest === undefined) return undefined;
    return 'asks for any tag and for one digest: leave out the :* since the digest decides';
  }
  if (!tag.includes('*')) return tagProblem(tag);
  return `has the tag pattern ${quoteText(tag)}: list the tags one by one, or write :* for any tag`;
}

function entryDigestProblem(digest: string, isGlob: boolean): string | undefined {
  const problem = digestProblem(digest);
  if (problem !== undefined || !isGlob) return problem;
  return 'has both a wildcard and a digest: write the one repository that the digest belongs to';
}

/** Makes the entry from parts in which nothing is wrong. */
function readParts(text: string, parts: ReferenceParts): RepositoryEntry {
  const { registry, digest } = parts;
  const tag = parts.tag ?? defaultTag;
  if (parts.path.includes('*')) {
    const pattern = patternPath(registry, parts.path);
    const normalised = `${registry}/${pattern}:${tag}`;
    return { kind: 'glob', text, normalised, registry, pattern, tag: tag === '*' ? undefined : tag };
  }
  const path = withOfficialNamespace(registry, parts.path);
  const name = `${registry}/${path}`;
  if (digest !== undefined) {
    return { kind: 'pinned', text, normalised: `${name}@${digest}`, registry, path, tag: parts.tag, digest };
  }
  if (tag === '*') return { kind: 'anyTag', text, normalised: `${name}:*`, registry, path };
  return { kind: 'tag', text, normalised: `${name}:${tag}`, registry, path, tag };
}

function entryWarnings(entry: RepositoryEntry): readonly string[] {
  const warnings: string[] = [];
  if (entry.registry.toLowerCase() !== entry.registry) {
    warnings.push('has upper case in its registry host: images are compared with exactly this spelling');
  }
  if (entry.kind === 'glob') warnings.push(...globWarnings(entry));
  if (entry.kind === 'tag' && /^[0-9a-f]{12,63}$/.test(entry.text)) {
    warnings.push(`looks like an abbreviated image ID, but is read as the image ${entry.normalised}`);
  }
  return warnings;
}

function globWarnings({ text, registry, pattern, normalised }: GlobEntry): readonly string[] {
  const warnings: string[] = [];
  if (pattern === 'library/*' && !text.includes('library/')) {
    warnings.push(`admits ${normalised}, the official images; all of Docker Hub is docker.io/**, every image is "*"`);
  }
  if (pattern === '**' && registry === dockerHub && text.startsWith('**')) {
    warnings.push(`admits ${normalised}, which is all of Docker Hub but no other registry; every image is "*"`);
  }
  const [namespace = ''] = pattern.split('/');
  if (publicRegistries.has(registry) && namespace.includes('*')) {
    warnings.push(`has a wildcard for the namespace: anyone can open one on ${registry} and bring images of their own`);
  }
  return warnings;
}
