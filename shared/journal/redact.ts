import { hasShapedSecret, SECRET_STEMS, SECRET_WORDS } from './secret-words.ts';

/** Stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Longest redacted path in characters, its closing `…` included; a request head may be a MiB, and every event holds its path. */
export const PATH_CAP = 2048;

/** Parameters that carry a whole body, build arguments or environment: nothing of their value is kept. */
const opaqueParameters = new Set([
  'buildargs',
  'build-args',
  'config',
  'containerconfig',
  'env',
  'environment',
  'headers',
  'hostconfig',
  'labels',
  'logconfig',
  'networkingconfig',
  'unlockkey',
]);

/** Parameters whose JSON is a question, not data (`GET /containers/json?filters=…`): kept unless a secret shows in it. */
const questionParameters = new Set(['cachefrom', 'filters', 'platform', 'platforms']);

/** What names of parameters are made of. */
const plainName = /^[\w.[\]~-]*$/;

/** Parameters that name where something is fetched from, however their URL is spelled. */
const addressParameters = new Set(['fromsrc', 'remote']);

/** Names under which people pass secrets. `author` (of a commit) is none, `authorization` is. */
const SECRET_NAME = `passw|${SECRET_STEMS}|auth(?!or(?!i[sz]))|${SECRET_WORDS}`;
const secretName = new RegExp(`${SECRET_NAME}|bearer|^key$`, 'i');

/** The same names in front of a value, anywhere in a text: `--password=x`, `"token": "x"`, `cifs,password=x`. Bounded, hence linear. */
const secretAssignment = new RegExp(`(?:${SECRET_NAME})[\\w.-]{0,40}["'\\\\\\]\\s]{0,8}[=:]`, 'i');

/** Instructions of `changes=` (import, commit) that set neither environment nor labels. */
const plainInstruction = /^\s*(?:cmd|entrypoint|expose|user|volume|workdir|stopsignal|healthcheck)\s[^\r\n]*$/i;

/** `://user:pa/ss@host`: a colon that no port follows, so the slash stands inside a password. */
const brokenUserinfo = /:\/\/[^/?#@]*:(?!\d{0,5}(?:[/?#]|$))/;

/** A query inside a value: a URL, whole or broken, that may be signed. */
const nestedQuery = /\?[^=]{0,256}=/;

/** Layers of percent-encoding that are looked through. */
const MOST_LAYERS = 6;
const percentEscape = /%[0-9a-f]{2}/i;
/** What stands behind it cannot be read for sure. */
const brokenEscape = /%(?![0-9a-f]{2})/i;
const percentEscapes = /%[0-9a-f]{2}/gi;

/**
 * The request path as an event may hold it: version and query as sent, with secrets in the query replaced by
 * `[redacted]` and the whole capped at `PATH_CAP` characters. Redacting a redacted path changes nothing.
 * Errs on the side of hiding: what cannot be read as harmless is not shown.
 */
export function redactPath(path: string): string {
  const mark = path.indexOf('?');
  if (mark === -1) {
    return capped(redactPlace(path));
  }
  const parts = [redactPlace(path.slice(0, mark)), '?'];
  let length = mark + 1;
  // Pair by pair, only as far as the cap: the work does not grow with a query of ten thousand parameters.
  for (let start = mark + 1; start <= path.length && length <= PATH_CAP; ) {
    const end = endOfPair(path, start);
    const pair = redactPair(path.slice(start, end)) + path.slice(end, end + 1);
    parts.push(pair);
    length += pair.length;
    start = end + 1;
  }
  return capped(parts.join(''));
}

/** No name in a path has an equals sign: with one it is a query that was encoded, or is begun by another character. */
function redactPlace(place: string): string {
  const hasQuery = place.includes('=') || /%3d/i.test(place);
  return hasQuery && isSecretText(decoded(place)) ? `/${REDACTED}` : redactUserinfo(place);
}

/** Index of the `&` or `;` behind the pair that starts at `start`. Go gives `;` up, other readers split there. */
function endOfPair(query: string, start: number): number {
  for (let index = start; index < query.length; index += 1) {
    const character = query[index];
    if (character === '&' || character === ';') {
      return index;
    }
  }
  return query.length;
}

function redactPair(pair: string): string {
  const equals = pair.indexOf('=');
  if (equals === -1) {
    return isSecretText(decoded(pair)) || isData(decoded(pair)) ? REDACTED : pair;
  }
  const rawName = pair.slice(0, equals);
  const name = decoded(rawName);
  if (isData(name) || hasShapedSecret(name)) {
    return REDACTED;
  }
  return `${rawName}=${redactValue(name, pair.slice(equals + 1))}`;
}

function redactValue(name: string, raw: string): string {
  if (raw === '' || raw === REDACTED) {
    return raw;
  }
  // `HostConfig[Env][0]`, `hostconfig.env` and `Env[]` are ways to spell a body in a query; an odd name is a broken one.
  const words = name.toLowerCase().split(/[[\].]+/);
  if (!plainName.test(name) || secretName.test(name) || words.some((word) => opaqueParameters.has(word))) {
    return REDACTED;
  }
  const value = decoded(raw);
  if (brokenEscape.test(raw)) {
    return REDACTED;
  }
  // An escape inside JSON may spell any name.
  if (isData(value) && (!questionParameters.has(name.toLowerCase()) || value.includes('\\u'))) {
    return REDACTED;
  }
  if (addressParameters.has(name.toLowerCase()) || value.includes('://') || nestedQuery.test(value)) {
    return redactUrl(raw, value);
  }
  const isPlain = name.toLowerCase() !== 'changes' || plainInstruction.test(value);
  return isSecretText(value) || !isPlain ? REDACTED : raw;
}

/** A URL keeps its scheme, host and path; userinfo and query go (signed URLs carry their key there). */
function redactUrl(raw: string, value: string): string {
  const query = value.indexOf('?');
  const address = query === -1 ? value : value.slice(0, query);
  const shown = redactUserinfo(address);
  const hasMore = shown.replaceAll(`${REDACTED}@`, '').includes('@');
  if (hasMore || isSecretText(shown) || brokenUserinfo.test(shown)) {
    return REDACTED;
  }
  if (query === -1 && shown === value) {
    return raw;
  }
  return escaped(query === -1 ? shown : `${shown}?${REDACTED}`);
}

/** Longest password that is looked for where no scheme begins the URL. */
const LONGEST_BARE = 128;

/**
 * `user:password@host` without its scheme, from the first colon of the word to its `@`. A digest behind an image's tag
 * is no host. Looks back from each `@` over a bounded piece, hence linear.
 */
function redactBareUserinfo(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const before = text.slice(Math.max(from, at - LONGEST_BARE), at);
    const word = before.slice(before.search(/[^\s"']*$/));
    const colon = word.indexOf(':');
    const isPassword = colon !== -1 && !word.endsWith(REDACTED) && !/^@sha\d/.test(text.slice(at, at + 5));
    if (isPassword) {
      parts.push(text.slice(from, at - word.length + colon + 1), REDACTED);
      from = at;
    }
  }
  return from === 0 ? text : parts.join('') + text.slice(from);
}

/** `scheme://user:password@host` without what stands before the `@`, in plain or percent-encoded spelling. */
export function redactUserinfo(text: string): string {
  if (!text.includes('@') && !/%40/.test(text)) {
    return text;
  }
  return redactBareUserinfo(
    text.replace(/(:\/\/|%3a%2f%2f)((?:(?!%2f|%3f|%23)[^/?#\s"])*)(@|%40)/gi, `$1${REDACTED}$3`),
  );
}

/** JSON, or encoded more often than anybody reads: it may hold anything. */
function isData(text: string): boolean {
  return (/^\s*[[{]/.test(text) && text !== REDACTED) || percentEscape.test(text);
}

function isSecretText(text: string): boolean {
  return secretAssignment.test(text) || hasShapedSecret(text) || redactUserinfo(text) !== text;
}

/** Percent-decoded as far as it goes, byte by byte and without errors: names of secrets are ASCII. */
function decoded(text: string): string {
  let result = text.replaceAll('+', ' ');
  for (let layer = 0; layer < MOST_LAYERS && percentEscape.test(result); layer += 1) {
    result = result.replace(percentEscapes, (triplet) => String.fromCharCode(Number.parseInt(triplet.slice(1), 16)));
  }
  return result;
}

/** What a decoded text needs so that it is one value of a query again. */
function escaped(text: string): string {
  return text.replace(/[^!#-$'-:<-~\u0100-\uffff]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

function capped(path: string): string {
  return path.length <= PATH_CAP ? path : `${path.slice(0, PATH_CAP - 1)}…`;
}
