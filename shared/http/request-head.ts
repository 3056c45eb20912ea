import { type BodyFraming, readFraming } from './body-framing.ts';
import { byteAt, CR, isA, LF, quoted, SPACE, TOKEN, VISIBLE } from './characters.ts';
import { type HeaderField, listedTokens, parseFields, withoutBlanks } from './fields.ts';
import { latin1Parts } from './latin1.ts';
import { type HeadProblem, refused } from './scan-head.ts';

export type { BodyFraming } from './body-framing.ts';
export type { HeaderField } from './fields.ts';
export { type HeadProblem, MAX_HEAD_BYTES, scanHead } from './scan-head.ts';

/** A request head that every parser reads alike. `target` and `method` are as sent, `target` begins with a slash. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  readonly fields: readonly HeaderField[];
  readonly framing: BodyFraming;
  readonly expectsContinue: boolean;
  /** The client asks to close the connection after the response (`Connection: close`). */
  readonly closes: boolean;
  /** The value of Upgrade, with or without `Connection: Upgrade`: the engine's hijacking routes do not look at that. */
  readonly upgrade: string | undefined;
  readonly contentType: string | undefined;
}

interface RequestLine {
  readonly method: string;
  readonly target: string;
  /** The index of the first header line. */
  readonly end: number;
}

/** Fields of which a second one would let two parsers pick differently, as messages spell them. */
const SINGLE_FIELDS: ReadonlyMap<string, string> = new Map([
  ['host', 'Host'],
  ['content-length', 'Content-Length'],
  ['transfer-encoding', 'Transfer-Encoding'],
  ['content-type', 'Content-Type'],
  ['content-encoding', 'Content-Encoding'],
  ['expect', 'Expect'],
  ['upgrade', 'Upgrade'],
]);

/** Fields of the message itself: a Connection field that names one would have a proxy take it out (RFC 9110 §7.6.1). */
const NEVER_HOP_BY_HOP: ReadonlySet<string> = new Set([...SINGLE_FIELDS.keys(), 'trailer']);

function versionProblem(method: string, version: string): HeadProblem {
  if (method === 'PRI' && version === 'HTTP/2.0') {
    return refused(
      505,
      'HTTP/2 with prior knowledge is not relayed; use HTTP/1.1 (and its upgrade to h2c where needed)',
    );
  }
  if (/^HTTP\/\d\.\d$/.test(version)) {
    return refused(505, `${version} is not relayed; use HTTP/1.1`);
  }
  return refused(400, `the request line ends with ${quoted(version)} instead of "HTTP/1.1"`);
}

function parseRequestLine(
  bytes: Uint8Array,
  part: (start: number, end: number) => string,
): { kind: 'line'; line: RequestLine } | HeadProblem {
  let space = 0;
  while (isA(TOKEN, byteAt(bytes, space))) space += 1;
  if (space === 0 || byteAt(bytes, space) !== SPACE) return refused(400, 'the request line has no valid method');
  const method = part(0, space);
  const start = space + 1;
  let end = start;
  while (isA(VISIBLE, byteAt(bytes, end))) end += 1;
  if (byteAt(bytes, end) !== SPACE) {
    return refused(400, 'the request line is not "method target HTTP/1.1" with single spaces and an ASCII target');
  }
  let line = end + 1;
  while (isA(VISIBLE, byteAt(bytes, line))) line += 1;
  if (byteAt(bytes, line) !== CR || byteAt(bytes, line + 1) !== LF) {
    return refused(400, 'the request line has something after the HTTP version');
  }
  const version = part(end + 1, line);
  if (version !== 'HTTP/1.1') return versionProblem(method, version);
  const target = part(start, end);
  if (!target.startsWith('/')) {
    return refused(400, `the request target ${quoted(target)} is not in origin form; it must begin with "/"`);
  }
  return { kind: 'line', line: { method, target, end: line + 2 } };
}

/** The fields that may come once, by lower-case name; a problem when one comes twice. */
function singleFields(fields: readonly HeaderField[]): ReadonlyMap<string, string> | HeadProblem {
  const single = new Map<string, string>();
  for (const { lower, value } of fields) {
    const spelling = SINGLE_FIELDS.get(lower);
    if (spelling === undefined) continue;
    if (single.has(lower)) return refused(400, `the request has more than one ${spelling} header`);
    single.set(lower, value);
  }
  return single;
}

/** The bytes that Go's server lets a Host be made of; it answers 400 to all others. */
const HOST_BYTES = /^[\w!$%&()*+,.:;=[\]'~-]*$/;

function valueProblem(single: ReadonlyMap<string, string>): HeadProblem | undefined {
  const host = single.get('host');
  if (host === undefined) return refused(400, 'the request has no Host header');
  if (!HOST_BYTES.test(host)) return refused(400, `the Host header ${quoted(host)} has bytes that a host cannot have`);
  const expect = single.get('expect');
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    return refused(417, `Expect ${quoted(expect)} is not "100-continue"`);
  }
  // Go folds Unicode case in media types: "appl\u0130cation/…" would be a form to the engine and none to us.
  const contentType = single.get('content-type');
  if (contentType !== undefined && !/^[\t -~]*$/.test(contentType)) {
    return refused(400, 'the Content-Type header has bytes outside ASCII');
  }
  return undefined;
}

function interpret(
  line: RequestLine,
  fields: readonly HeaderField[],
): { kind: 'head'; head: RequestHead } | HeadProblem {
  const single = singleFields(fields);
  if ('problem' in single) return single;
  const wrongValue = valueProblem(single);
  if (wrongValue !== undefined) return wrongValue;
  const framing = readFraming(single.get('content-length'), single.get('transfer-encoding'));
  if (!framing.ok) return refused(framing.tooLarge ? 413 : 400, framing.problem);
  const options = listedTokens(fields, 'connection');
  if (options === undefined) return refused(400, 'the Connection header is not a list of names');
  const misused = options.find((option) => NEVER_HOP_BY_HOP.has(option) && option !== 'upgrade');
  if (misused !== undefined)
    return refused(400, `the Connection header names ${quoted(misused)}, which belongs to the message`);
  const head: RequestHead = {
    method: line.method,
    target: line.target,
    fields,
    framing: framing.framing,
    expectsContinue: single.has('expect'),
    closes: options.includes('close'),
    upgrade: single.get('upgrade'),
    contentType: single.get('content-type'),
  };
  return { kind: 'head', head };
}

/**
 * Reads a whole request head (RFC 9112), `bytes` being exactly the head with its final empty line as scanHead found
 * it. What two parsers could read differently is refused, with the status and the reason that the client gets.
 */
export function parseRequestHead(bytes: Uint8Array): { kind: 'head'; head: RequestHead } | HeadProblem {
  const part = latin1Parts(bytes);
  const line = parseRequestLine(bytes, part);
  if (line.kind === 'refused') return line;
  const parsed = parseFields(bytes, line.line.end, part);
  if (!parsed.ok) return refused(parsed.tooMany ? 431 : 400, parsed.problem);
  return interpret(line.line, parsed.fields);
}

/**
 * Whether the engine would read the body as form fields, which win over the query (Go's Request.ParseForm and
 * FormValue). As Go does, only what stands before the first semicolon counts, even if the parameters are broken.
 */
export function isFormEncoded(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  const semicolon = contentType.indexOf(';');
  const base = semicolon === -1 ? contentType : contentType.slice(0, semicolon);
  const mediaType = withoutBlanks(base).toLowerCase();
  return mediaType === 'application/x-www-form-urlencoded' || mediaType === 'multipart/form-data';
}
