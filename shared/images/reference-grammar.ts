/**
 * The grammar of image references, as the engine's own parser (github.com/distribution/reference v0.6) reads them.
 * The rules are kept apart from the two things written in it: a reference, and an image-list entry, which also knows
 * wildcards. Every check answers with a predicate ("ends with a colon: …") that `describeProblem` puts behind the
 * text it is about. All patterns here are free of ambiguous repetition, so that each runs in linear time.
 */

/** How every name of Docker Hub's registry is written once it is normalised. */
export const dockerHub = 'docker.io';
/** The namespace of Docker Hub's official images, which names of one component belong to. */
export const officialNamespace = 'library';
/** What `docker run` and `docker pull` take when neither tag nor digest is given. */
export const defaultTag = 'latest';

const otherNamesOfDockerHub: ReadonlySet<string> = new Set(['index.docker.io', 'registry-1.docker.io']);

/** Path 255, tag 128, digest 135, DNS name with port 259, and the four separators: nothing valid is longer. */
const maxTextLength = 1024;
/** distribution's RepositoryNameTotalLengthMax: the path with `library/`, without the registry. */
const maxPathLength = 255;
const maxTagLength = 128;

const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** The parts of a reference before their own rules are applied: only the registry has been checked and normalised. */
export interface ReferenceParts {
  readonly registry: string;
  /** The path as written, without an added `library/`; may be empty or malformed. */
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export type ReferenceSplit =
  | { readonly ok: true; readonly parts: ReferenceParts }
  | { readonly ok: false; readonly problem: string };

/** Puts a text from outside into a message: on one line, no control or direction characters, of bounded length. */
export function quoteText(text: string): string {
  const head = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const visible = head.replaceAll(/[\p{C}\p{Z}]/gu, (c) => (c === ' ' ? c : `\\u{${c.codePointAt(0)?.toString(16)}}`));
  return `"${visible}"`;
}

/** The whole sentence about a text that breaks a rule. */
export function describeProblem(text: string, predicate: string): string {
  return `${quoteText(text)} ${predicate}`;
}

/** `sha256:` and 64 lower-case hexadecimal digits, or the digits alone: the full ID of a local image. */
export function isImageId(text: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{64}$/.test(text);
}

/** Takes a reference apart where Docker does: digest at `@`, registry at the first slash, tag at the colon after it. */
export function splitReference(text: string): ReferenceSplit {
  const problem = textProblem(text);
  if (problem !== undefined) return { ok: false, problem: describeProblem(text, problem) };
  const at = text.indexOf('@');
  const named = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const { registry, rest } = splitRegistry(named);
  const registryFlaw = registryProblem(registry);
  if (registryFlaw !== undefined) return { ok: false, problem: describeProblem(text, registryFlaw) };
  const colon = rest.indexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  return { ok: true, parts: { registry, path, tag, digest } };
}

/** `library/` in front of the one-component names of Docker Hub; other registries have no such default. */
export function withOfficialNamespace(registry: string, path: string): string {
  return registry === dockerHub && !path.includes('/') ? `${officialNamespace}/${path}` : path;
}

function textProblem(text: string): string | undefined {
  if (text === '') return 'is empty: write an image such as docker:cli';
  if (text.length > maxTextLength) return `is longer than ${maxTextLength} characters, which no image reference is`;
  if (/[\p{C}\p{Z}]/u.test(text)) return 'contains a space or a control character: leave it out';
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) {
    return `begins with ${quoteText(scheme)}: image references have no scheme, write ${quoteText(text.slice(scheme.length))}`;
  }
  // ParseAnyReference reads these as IDs before it looks for names; shorter ones are abbreviated IDs to the engine.
  if (isImageId(text) || /^sha(?:256|384|512):[0-9a-f]+$/.test(text)) {
    return 'is an image ID, which names no repository: write the name with a tag or a digest, such as docker:cli';
  }
  return undefined;
}

function splitRegistry(named: string): { readonly registry: string; readonly rest: string } {
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  if (slash < 0 || !readsAsRegistry(first)) return { registry: dockerHub, rest: named };
  return { registry: otherNamesOfDockerHub.has(first) ? dockerHub : first, rest: named.slice(slash + 1) };
}

/** Upper case is not allowed in repositories, so a first component that has some can only be meant as a host. */
function readsAsRegistry(component: string): boolean {
  return /[.:]/.test(component) || component === 'localhost' || component.toLowerCase() !== component;
}

function registryProblem(registry: string): string | undefined {
  if (registry.includes('*')) {
    return `has a wildcard in its registry host, which ${quoteText(registry)} is for its period, colon or upper case: name the host in full, wildcards belong into the path behind it`;
  }
  const host = registry.replace(/:[0-9]+$/, '');
  const valid = /^\[[0-9a-fA-F:]+\]$/.test(host) || host.split('.').every(isHostLabel);
  if (valid) return undefined;
  return `names the registry ${quoteText(registry)}: write a host name or address with an optional port, such as registry.example.com:5000`;
}

function isHostLabel(label: string): boolean {
  return /^[a-zA-Z0-9-]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-');
}

/** Whether this is one component of a repository path: alphanumerics, joined by one `.`, `_`, `__` or any hyphens. */
export function isPathComponent(component: string): boolean {
  return /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/.test(component);
}

/** What is wrong with a repository path that already has its `library/`. */
export function pathProblem(path: string): string | undefined {
  return pathShapeProblem(path) ?? wrongComponent(path.split('/'), isPathComponent);
}

/** The rules that hold for paths with and without wildcards. */
export function pathShapeProblem(path: string): string | undefined {
  if (path === '' || path === `${officialNamespace}/`) {
    return 'names no repository: write one before the tag or digest, such as docker.io/library/docker:cli';
  }
  if (path.length > maxPathLength) return `has a repository path of more than ${maxPathLength} characters`;
  if (path.split('/').includes('')) {
    return 'has an empty path component: leave out the doubled, leading or trailing slash';
  }
  const lower = path.toLowerCase();
  if (lower !== path) return `has upper case in its repository name: write ${quoteText(lower)}`;
  return undefined;
}

/** The first component that a rule rejects, as a predicate. */
export function wrongComponent(
  components: readonly string[],
  accepts: (component: string) => boolean,
): string | undefined {
  const wrong = components.find((component) => !accepts(component));
  if (wrong === undefined) return undefined;
  return `has the path component ${quoteText(wrong)}: use lower-case letters and digits, separated by one period, one or two underscores, or hyphens`;
}

/** What is wrong with the tag, the text behind the colon. */
export function tagProblem(tag: string): string | undefined {
  if (tag === '') return 'has a colon without a tag: write the tag behind it or leave the colon out';
  if (tag.length > maxTagLength) return `has a tag of more than ${maxTagLength} characters`;
  if (/^\w[\w.-]*$/.test(tag)) return undefined;
  return `has the tag ${quoteText(tag)}: use letters, digits, underscores, periods and hyphens, beginning with none of the last two`;
}

/** What is wrong with the digest, the text behind the `@`. Only the algorithms that the engine links are known. */
export function digestProblem(digest: string): string | undefined {
  if (digest === '') return 'has an @ without a digest: write sha256: and 64 hexadecimal digits behind it';
  const colon = digest.indexOf(':');
  const algorithm = digest.slice(0, Math.max(colon, 0));
  const digits = digestLengths.get(algorithm);
  if (digits === undefined) {
    return `has the digest ${quoteText(digest)}: write it as sha256: (or sha384:, sha512:) and its hexadecimal digits`;
  }
  const encoded = digest.slice(colon + 1);
  if (encoded.length === digits && /^[0-9a-f]+$/.test(encoded)) return undefined;
  return `has the digest ${quoteText(digest)}: ${algorithm} takes exactly ${digits} lower-case hexadecimal digits, and here are ${encoded.length} characters`;
}
