import { byteAt, COLON, CR, isA, LF, quoted, SPACE, TAB, TEXT, TOKEN } from './characters.ts';

/** A header field as sent: `value` holds the bytes as Latin-1 characters, without the white space around it. */
export interface HeaderField {
  readonly name: string;
  readonly lower: string;
  readonly value: string;
}

export type FieldsResult =
  | { readonly ok: true; readonly fields: readonly HeaderField[] }
  | { readonly ok: false; readonly tooMany: boolean; readonly problem: string };

/** Docker's clients send about ten; a million empty ones would cost far more memory than their bytes. */
export const MAX_FIELDS = 1000;

function problem(text: string): { readonly ok: false; readonly tooMany: boolean; readonly problem: string } {
  return { ok: false, tooMany: false, problem: text };
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function badName(bytes: Uint8Array, start: number, at: number, part: (start: number, end: number) => string) {
  const byte = byteAt(bytes, at);
  if (at === start && isBlank(byte)) {
    return problem('a header line begins with white space (folded lines are obsolete, RFC 9112 section 5.2)');
  }
  if (isBlank(byte)) return problem(`the header name ${quoted(part(start, at))} has white space in or after it`);
  if (byte === COLON) return problem('a header line has no name before its colon');
  if (byte === CR) return problem(`the header line ${quoted(part(start, at))} has no colon`);
  return problem(`a header name has the byte 0x${byte.toString(16)}, which names cannot have`);
}

/** The value's index range without the white space around it, and the index of the line's end; undefined: a control byte. */
function valueRange(bytes: Uint8Array, from: number): { start: number; end: number; line: number } | undefined {
  let start = from;
  while (isBlank(byteAt(bytes, start))) start += 1;
  let line = start;
  while (isA(TEXT, byteAt(bytes, line))) line += 1;
  if (byteAt(bytes, line) !== CR || byteAt(bytes, line + 1) !== LF) return undefined;
  let end = line;
  while (end > start && isBlank(byteAt(bytes, end - 1))) end -= 1;
  return { start, end, line };
}

/**
 * Reads header lines from an index up to the empty line, which must be the last thing in `bytes` (RFC 9112 §5).
 * `part` gives a range of the bytes as a string. Nothing that two parsers could read differently is let through.
 */
export function parseFields(
  bytes: Uint8Array,
  from: number,
  part: (start: number, end: number) => string,
): FieldsResult {
  const fields: HeaderField[] = [];
  let start = from;
  while (byteAt(bytes, start) !== CR) {
    let colon = start;
    while (isA(TOKEN, byteAt(bytes, colon))) colon += 1;
    if (colon === start || byteAt(bytes, colon) !== COLON) return badName(bytes, start, colon, part);
    const name = part(start, colon);
    const range = valueRange(bytes, colon + 1);
    if (range === undefined) return problem(`the value of the header ${quoted(name)} has a control byte`);
    if (fields.length === MAX_FIELDS) {
      return { ok: false, tooMany: true, problem: `there are more than ${MAX_FIELDS} header fields` };
    }
    fields.push({ name, lower: name.toLowerCase(), value: part(range.start, range.end) });
    start = range.line + 2;
  }
  if (byteAt(bytes, start + 1) !== LF || start + 2 !== bytes.length) {
    return problem('the head does not end with one empty line');
  }
  return { ok: true, fields };
}

/**
 * The members of a comma-separated list of tokens over all fields of that name, in lower case (RFC 9110 §5.6.1);
 * undefined when a member is not a token.
 */
export function listedTokens(fields: readonly HeaderField[], lower: string): readonly string[] | undefined {
  const tokens: string[] = [];
  for (const field of fields) {
    if (field.lower !== lower) continue;
    for (const member of field.value.split(',')) {
      const token = withoutBlanks(member);
      if (token === '') continue;
      for (let at = 0; at < token.length; at += 1) {
        if (!isA(TOKEN, token.charCodeAt(at))) return undefined;
      }
      tokens.push(token.toLowerCase());
    }
  }
  return tokens;
}

/** Without the spaces and tabs at both ends; `trim()` would take more (no-break spaces). */
export function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
