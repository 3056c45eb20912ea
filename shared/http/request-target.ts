import { quoted } from './characters.ts';
import { percentDecode } from './percent.ts';
import { parseQuery, type QueryPair, withValue } from './query.ts';

export { firstValue, type QueryPair } from './query.ts';

/** A request target in origin form, read as the engine's router reads it. */
export interface RequestTarget {
  /** `1.43`, without the `v`, or `4.3.1` of Podman's own API; undefined when the target names no API version. */
  readonly version: string | undefined;
  /** Decoded once, without the version prefix; begins with a slash. */
  readonly path: string;
  /** Decoded, in the order sent. */
  readonly query: readonly QueryPair[];
  /** As sent, with the version. */
  readonly rawPath: string;
  /** As sent, without the question mark; undefined when there is none. */
  readonly rawQuery: string | undefined;
}

/** With the status that the client gets: 414 beyond what a query may have. */
type Problem = { readonly ok: false; readonly status: 400 | 414; readonly problem: string };

function problem(text: string): Problem {
  return { ok: false, status: 400, problem: text };
}

/**
 * Characters that no Docker name has and that other parsers take for separators or line ends: controls (C0, DEL, C1),
 * backslash, number sign, U+2028 and U+2029. A space or a raw byte above 0x7e is refused in the target as sent.
 */
function isRefusedInPath(code: number): boolean {
  if (code < 0x20 || code === 0x5c || code === 0x23) return true;
  return (code >= 0x7f && code <= 0x9f) || code === 0x2028 || code === 0x2029;
}

function charProblem(where: string, code: number): Problem {
  return problem(
    `the ${where} has the character U+${code.toString(16).toUpperCase().padStart(4, '0')}, which is refused there`,
  );
}

/** Looks at the target before decoding; the index of the question mark, or the length when there is none. */
function findQuery(target: string): { ok: true; at: number } | Problem {
  let mark = target.length;
  for (let at = 0; at < target.length; at += 1) {
    const code = target.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) {
      return problem('the request target has a space, a control or a non-ASCII byte; percent-encode it');
    }
    if (code === 0x23) return problem('the request target has a "#"; fragments are not sent, encode it as %23');
    if (code === 0x3f && mark === target.length) mark = at;
  }
  return { ok: true, at: mark };
}

/** The engine's router redirects unclean paths, which would make the path that was checked another one than is served. */
function pathProblem(path: string): Problem | undefined {
  for (let at = 0; at < path.length; at += 1) {
    if (isRefusedInPath(path.charCodeAt(at))) return charProblem('path', path.charCodeAt(at));
  }
  if (path.includes('//')) return problem('the path has two slashes in a row');
  if (/\/\.\.?(?:\/|$)/.test(path)) return problem('the path has a "." or ".." segment');
  return undefined;
}

const VERSION_LIKE = /^\/v[0-9.]/i;
const VERSION_PREFIX = /^\/v((?:0|[1-9][0-9]?)\.(?:0|[1-9][0-9]{0,2}))(?=\/)/;
/** Podman's own API counts in three parts; elsewhere they are odd. */
const PODMAN_VERSION_PREFIX = /^\/v((?:0|[1-9][0-9]?)(?:\.(?:0|[1-9][0-9]{0,2})){2})(?=\/libpod\/)/;

/** Takes the version off a decoded path. The engine's own pattern is `/v{version:[0-9.]+}`: what only that takes is odd. */
function splitVersion(decoded: string): { ok: true; version: string | undefined; path: string } | Problem {
  if (!VERSION_LIKE.test(decoded)) return { ok: true, version: undefined, path: decoded };
  const version = (VERSION_PREFIX.exec(decoded) ?? PODMAN_VERSION_PREFIX.exec(decoded))?.[1];
  if (version === undefined) {
    return problem(`the path ${quoted(decoded)} begins with an odd API version; write it as "/v1.43/…"`);
  }
  const path = decoded.slice(version.length + 2);
  if (VERSION_LIKE.test(path)) return problem(`the path ${quoted(decoded)} has two API versions`);
  return { ok: true, version, path };
}

/**
 * Reads a request target as Go's net/url and the engine's router do: origin form only, percent-decoded once, matched
 * decoded (so `%2F` in an image name is a slash). What they and others could read differently is refused.
 */
export function parseRequestTarget(target: string): { ok: true; target: RequestTarget } | Problem {
  if (!target.startsWith('/')) return problem(`the request target ${quoted(target)} does not begin with "/"`);
  const mark = findQuery(target);
  if (!mark.ok) return mark;
  const rawPath = target.slice(0, mark.at);
  const rawQuery = mark.at === target.length ? undefined : target.slice(mark.at + 1);
  const decoded = percentDecode(rawPath, false);
  if (!decoded.ok) return problem(`the path ${decoded.problem}`);
  const unclean = pathProblem(decoded.text);
  if (unclean !== undefined) return unclean;
  const versioned = splitVersion(decoded.text);
  if (!versioned.ok) return versioned;
  const query = parseQuery(rawQuery ?? '');
  if (!query.ok) return query;
  const { version, path } = versioned;
  return { ok: true, target: { version, path, query: query.pairs, rawPath, rawQuery } };
}

/** The same target with this one value for a name in its query. */
export function withQueryValue(target: RequestTarget, name: string, value: string): RequestTarget {
  const query = [...target.query.filter((pair) => pair.name !== name), { name, value }];
  return { ...target, query, rawQuery: withValue(target.rawQuery ?? '', name, value) };
}

const UNENCODED = /^[\w.~/:@-]*$/;
const utf8 = new TextEncoder();

function percentEncode(path: string): string {
  if (UNENCODED.test(path)) return path;
  const pieces: string[] = [];
  for (const byte of utf8.encode(path)) {
    const char = String.fromCharCode(byte);
    pieces.push(UNENCODED.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
  }
  return pieces.join('');
}

/**
 * Our own spelling of the target, which the engine decodes to exactly the version and path that were read: all but
 * unreserved characters, `/`, `:` and `@` percent-encoded. The query follows as it was sent.
 */
export function spellTarget(target: RequestTarget): string {
  const prefix = target.version === undefined ? '' : `/v${target.version}`;
  const query = target.rawQuery === undefined ? '' : `?${target.rawQuery}`;
  return `${prefix}${percentEncode(target.path)}${query}`;
}
