import { readFraming } from './body-framing.ts';
import { byteAt, CR, DIGIT, isA, LF, SPACE, TEXT } from './characters.ts';
import { type HeaderField, listedTokens, parseFields } from './fields.ts';
import { latin1Parts } from './latin1.ts';

/** How long a response's body is (RFC 9112 §6.3). `until-close`: it ends when the engine closes the connection. */
export type ResponseFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

export interface ResponseHead {
  readonly status: number;
  /** May be empty. */
  readonly reason: string;
  readonly fields: readonly HeaderField[];
  /** What the framing fields say; whether there is a body at all depends on the request too: see responseFraming. */
  readonly declared: Exclude<ResponseFraming, { kind: 'none' }>;
  /** The engine closes the connection after this response. */
  readonly closes: boolean;
  readonly upgrade: string | undefined;
  readonly contentType: string | undefined;
}

type Problem = { readonly ok: false; readonly problem: string };

function problem(text: string): Problem {
  return { ok: false, problem: text };
}

const VERSION = 'HTTP/1.1 ';

function parseStatusLine(
  bytes: Uint8Array,
  part: (start: number, end: number) => string,
): { ok: true; status: number; reason: string; end: number } | Problem {
  const start = VERSION.length;
  if (part(0, start) !== VERSION) return problem('the response does not begin with "HTTP/1.1 "');
  const isStatus = [0, 1, 2].every((digit) => isA(DIGIT, byteAt(bytes, start + digit)));
  const status = isStatus ? Number(part(start, start + 3)) : 0;
  if (status < 100) return problem('the response has no status of three digits');
  let line = start + 3;
  // The space is there even before an empty reason; some servers leave both out, which nobody reads otherwise.
  if (byteAt(bytes, line) !== SPACE && byteAt(bytes, line) !== CR)
    return problem('the status has more than three digits');
  while (isA(TEXT, byteAt(bytes, line))) line += 1;
  if (byteAt(bytes, line) !== CR || byteAt(bytes, line + 1) !== LF)
    return problem('the status line has a control byte');
  return { ok: true, status, reason: part(Math.min(start + 4, line), line), end: line + 2 };
}

function onlyValue(fields: readonly HeaderField[], lower: string): { ok: true; value: string | undefined } | Problem {
  const found = fields.filter((field) => field.lower === lower);
  if (found.length > 1) return problem(`the response has more than one ${lower} header`);
  return { ok: true, value: found[0]?.value };
}

function readDeclared(fields: readonly HeaderField[]): { ok: true; declared: ResponseHead['declared'] } | Problem {
  const length = onlyValue(fields, 'content-length');
  if (!length.ok) return length;
  const coding = onlyValue(fields, 'transfer-encoding');
  if (!coding.ok) return coding;
  const read = readFraming(length.value, coding.value);
  if (!read.ok) return problem(read.problem);
  const { framing } = read;
  return { ok: true, declared: framing.kind === 'none' ? { kind: 'until-close' } : framing };
}

/**
 * Reads a whole response head (RFC 9112), `bytes` being exactly the head with its final empty line as scanHead found
 * it. As strict as with requests, since a response that is read in two ways puts one client's answer before another.
 */
export function parseResponseHead(bytes: Uint8Array): { ok: true; head: ResponseHead } | Problem {
  const part = latin1Parts(bytes);
  const line = parseStatusLine(bytes, part);
  if (!line.ok) return line;
  const parsed = parseFields(bytes, line.end, part);
  if (!parsed.ok) return problem(parsed.problem);
  const { fields } = parsed;
  const framing = readDeclared(fields);
  if (!framing.ok) return framing;
  const head: ResponseHead = {
    status: line.status,
    reason: line.reason,
    fields,
    declared: framing.declared,
    closes: listedTokens(fields, 'connection')?.includes('close') ?? true,
    upgrade: fields.find((field) => field.lower === 'upgrade')?.value,
    contentType: fields.find((field) => field.lower === 'content-type')?.value,
  };
  return { ok: true, head };
}

/**
 * How the response's body is delimited (RFC 9112 §6.3). After a 101 the connection is not HTTP any more, and after a
 * 200 to a hijacking request without Upgrade the raw stream is what `until-close` says.
 */
export function responseFraming(head: ResponseHead, requestMethod: string): ResponseFraming {
  const { status } = head;
  if (requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304) return { kind: 'none' };
  return head.declared;
}
