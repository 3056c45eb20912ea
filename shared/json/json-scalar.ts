import type { JsonProblem, JsonReader, JsonScalar } from './json-node.ts';
import { readString } from './json-string.ts';

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (
    isDigit(byte) ||
    (lower >= 0x61 && lower <= 0x7a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x5f
  );
}

const LONGEST_WORD = 30;

/** ASCII bytes as a string. */
function ascii(bytes: Uint8Array, start: number, end: number): string {
  return Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, end));
}

/** The run of letters, digits and signs at an index, for messages and literals. */
function wordAt(bytes: Uint8Array, start: number): string {
  let end = start;
  while (end - start < LONGEST_WORD && isWordByte(bytes[end])) end += 1;
  return ascii(bytes, start, end);
}

/** What to say of a byte that begins no value and no punctuation that may come here. */
export function unexpected(reader: JsonReader, expected: string): JsonProblem {
  const { bytes, at: offset } = reader;
  const byte = bytes[offset];
  if (byte === undefined) return { offset, problem: `the document ends where ${expected} is expected` };
  if (byte === 0x2f || byte === 0x23) return { offset, problem: 'comments are not JSON: remove it' };
  if (byte === 0x27) return { offset, problem: 'strings and keys take double quotes in JSON' };
  if (byte === 0x2c) return { offset, problem: `there is a comma where ${expected} is expected` };
  const word = wordAt(bytes, offset);
  if (word !== '') return { offset, problem: `there is ${word} where ${expected} is expected` };
  const shown =
    byte > 0x20 && byte < 0x7f
      ? `"${ascii(bytes, offset, offset + 1)}"`
      : `the byte 0x${byte.toString(16).padStart(2, '0')}`;
  return { offset, problem: `there is ${shown} where ${expected} is expected` };
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) at += 1;
  return at;
}

/** The index after a number (RFC 8259 §6), or the problem. */
function numberEnd(bytes: Uint8Array, start: number): number | JsonProblem {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  if (!isDigit(bytes[first])) return { offset: start, problem: `${wordAt(bytes, start)} is not a JSON number` };
  let at = skipDigits(bytes, first);
  if (bytes[first] === 0x30 && at > first + 1) return { offset: start, problem: 'a number has leading zeros' };
  if (bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = skipDigits(bytes, fraction);
    if (at === fraction) return { offset: start, problem: 'a number has no digit after its decimal point' };
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const signed = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d;
    const exponent = at + (signed ? 2 : 1);
    at = skipDigits(bytes, exponent);
    if (at === exponent) return { offset: start, problem: 'a number has no digit in its exponent' };
  }
  return at;
}

/** Longer numbers mean nothing to the engine, and reading them as arguments of one call would overflow the stack. */
const LONGEST_NUMBER = 1000;

function readNumber(reader: JsonReader): JsonScalar | JsonProblem {
  const { bytes, at: start } = reader;
  const end = numberEnd(bytes, start);
  if (typeof end !== 'number') return end;
  if (end - start > LONGEST_NUMBER)
    return { offset: start, problem: `a number is longer than ${LONGEST_NUMBER} characters` };
  reader.at = end;
  return { kind: 'number', start, end, text: ascii(bytes, start, end) };
}

function readLiteral(reader: JsonReader): JsonScalar | JsonProblem {
  const start = reader.at;
  const word = wordAt(reader.bytes, start);
  const end = start + word.length;
  if (word === 'true' || word === 'false') {
    reader.at = end;
    return { kind: 'boolean', start, end, value: word === 'true' };
  }
  if (word === 'null') {
    reader.at = end;
    return { kind: 'null', start, end };
  }
  return unexpected(reader, 'a JSON value');
}

/** Reads a string, number or literal. */
export function readScalar(reader: JsonReader): JsonScalar | JsonProblem {
  const byte = reader.bytes[reader.at];
  if (byte === 0x22) return readString(reader);
  if (byte === 0x2d || isDigit(byte)) return readNumber(reader);
  return readLiteral(reader);
}
