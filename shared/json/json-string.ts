import type { JsonProblem, JsonReader, JsonScalar } from './json-node.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;

/** `ignoreBOM` keeps U+FEFF at a string's start as the character that it is. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

type JsonString = Extract<JsonScalar, { kind: 'string' }>;

/** What the character after a backslash stands for, as a byte. */
const SIMPLE_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(
    ([letter, meaning]) => [letter.charCodeAt(0), meaning.charCodeAt(0)],
  ),
);

/** The number that four hexadecimal digits make; -1 when they are not four. */
function hex4(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let digit = at; digit < at + 4; digit += 1) {
    const byte = bytes[digit] ?? 0;
    const lower = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = value * 16 + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else return -1;
  }
  return value;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Reads a `\u` escape at its backslash, with the second half of a surrogate pair: the code point and the next index. */
function readUnicodeEscape(bytes: Uint8Array, at: number): { code: number; next: number } | JsonProblem {
  const unit = hex4(bytes, at + 2);
  if (unit < 0) return { offset: at, problem: '"\\u" is not followed by four hexadecimal digits' };
  if (!isHighSurrogate(unit) && !isLowSurrogate(unit)) return { code: unit, next: at + 6 };
  const paired = bytes[at + 6] === BACKSLASH && bytes[at + 7] === LOWER_U;
  const low = paired && isHighSurrogate(unit) ? hex4(bytes, at + 8) : -1;
  if (!isLowSurrogate(low)) {
    return { offset: at, problem: 'half of a surrogate pair stands alone; readers replace it in different ways' };
  }
  return { code: 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00), next: at + 12 };
}

/** Writes a code point as UTF-8, which is never longer than its escape; the index after it. */
function writeUtf8(target: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    target[at] = code;
    return at + 1;
  }
  const count = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const marker = 0xf00 >> (count + 1);
  target[at] = (marker & 0xff) | (code >> (6 * count));
  for (let index = 1; index <= count; index += 1) {
    target[at + index] = 0x80 | ((code >> (6 * (count - index))) & 0x3f);
  }
  return at + count + 1;
}

function withoutEscapes(bytes: Uint8Array, start: number, end: number): { value: string } | JsonProblem {
  const target = new Uint8Array(end - start);
  let length = 0;
  let at = start;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte !== BACKSLASH) {
      target[length] = byte;
      length += 1;
      at += 1;
      continue;
    }
    const letter = bytes[at + 1] ?? 0;
    if (letter === LOWER_U) {
      const escaped = readUnicodeEscape(bytes, at);
      if ('problem' in escaped) return escaped;
      length = writeUtf8(target, length, escaped.code);
      at = escaped.next;
      continue;
    }
    const meaning = SIMPLE_ESCAPES.get(letter);
    if (meaning === undefined) {
      return { offset: at, problem: 'this backslash escapes nothing; write a backslash as "\\\\"' };
    }
    target[length] = meaning;
    length += 1;
    at += 2;
  }
  return { value: decoder.decode(target.subarray(0, length)) };
}

function plainString({ bytes, ascii }: JsonReader, start: number, end: number): string {
  return ascii?.slice(start, end) ?? decoder.decode(bytes.subarray(start, end));
}

/** Reads a string at its opening quote. The document is known to be valid UTF-8. */
export function readString(reader: JsonReader): JsonString | JsonProblem {
  const { bytes, at: start } = reader;
  let end = start + 1;
  let escaped = false;
  while (bytes[end] !== QUOTE) {
    const byte = bytes[end];
    if (byte === undefined) return { offset: start, problem: 'this string has no closing quote' };
    if (byte < 0x20)
      return { offset: end, problem: 'a string has a raw control character; escape it (a line end is "\\n")' };
    if (byte === BACKSLASH) escaped = true;
    end += byte === BACKSLASH ? 2 : 1;
  }
  const content = escaped ? withoutEscapes(bytes, start + 1, end) : { value: plainString(reader, start + 1, end) };
  if ('problem' in content) return content;
  reader.at = end + 1;
  return { kind: 'string', start, end: end + 1, value: content.value };
}
