import type { JsonMember, JsonNode, JsonProblem, JsonReader } from './json-node.ts';
import { readScalar, unexpected } from './json-scalar.ts';
import { readString } from './json-string.ts';
import { invalidUtf8At } from './json-utf8.ts';
import { shownKey } from './shown-key.ts';

export type { JsonArray, JsonMember, JsonNode, JsonObject, JsonProblem } from './json-node.ts';

export interface JsonLimits {
  /** How deep arrays and objects may nest; 200 unless given. */
  readonly depth?: number;
  /** How many values there may be: each costs some 100 bytes of memory. 500,000 unless given. */
  readonly values?: number;
}

const DEFAULT_DEPTH = 200;
const DEFAULT_VALUES = 500_000;

interface ObjectFrame {
  readonly kind: 'object';
  readonly start: number;
  readonly members: JsonMember[];
  readonly keys: Set<string>;
  key: { readonly text: string; readonly start: number; readonly end: number };
}

interface ArrayFrame {
  readonly kind: 'array';
  readonly start: number;
  readonly items: JsonNode[];
}

type Frame = ObjectFrame | ArrayFrame;

/** `undefined`: a value must come next, at the reader's position. */
type Step = JsonNode | JsonProblem | undefined;

const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const COMMA = 0x2c;
const NO_KEY = { text: '', start: 0, end: 0 };

function skipSpace(reader: JsonReader): void {
  const { bytes } = reader;
  let { at } = reader;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  reader.at = at;
}

function closingByte(frame: Frame): number {
  return frame.kind === 'object' ? 0x7d : 0x5d;
}

function close(reader: JsonReader, frame: Frame): JsonNode {
  reader.at += 1;
  const { start } = frame;
  const end = reader.at;
  if (frame.kind === 'object') return { kind: 'object', start, end, members: frame.members };
  return { kind: 'array', start, end, items: frame.items };
}

/** Reads `"key":` and leaves the reader at the value. */
function readKey(reader: JsonReader, frame: ObjectFrame): JsonProblem | undefined {
  if (reader.bytes[reader.at] !== 0x22) return unexpected(reader, 'a key in double quotes');
  const key = readString(reader);
  if ('problem' in key) return key;
  if (frame.keys.has(key.value)) {
    return { offset: key.start, problem: `the key ${shownKey(key.value)} comes twice in one object: remove one` };
  }
  frame.keys.add(key.value);
  frame.key = { text: key.value, start: key.start, end: key.end };
  skipSpace(reader);
  if (reader.bytes[reader.at] !== 0x3a) return unexpected(reader, 'a colon after the key');
  reader.at += 1;
  skipSpace(reader);
  return undefined;
}

function tooMuch(offset: number, what: string): JsonProblem {
  return { offset, problem: `the document ${what}`, isTooMuch: true };
}

/** Reads an opening bracket, and the closing one if it follows. */
function open(reader: JsonReader, stack: Frame[], depth: number): Step {
  const start = reader.at;
  if (stack.length === depth) return tooMuch(start, `is nested more than ${depth} deep`);
  const isObject = reader.bytes[start] === OPEN_OBJECT;
  const frame: Frame = isObject
    ? { kind: 'object', start, members: [], keys: new Set(), key: NO_KEY }
    : { kind: 'array', start, items: [] };
  reader.at += 1;
  skipSpace(reader);
  if (reader.bytes[reader.at] === closingByte(frame)) return close(reader, frame);
  stack.push(frame);
  return frame.kind === 'object' ? readKey(reader, frame) : undefined;
}

/** Reads what follows a value inside an array or object: a comma (and a key) or the closing bracket. */
function proceed(reader: JsonReader, stack: Frame[], frame: Frame): Step {
  skipSpace(reader);
  const byte = reader.bytes[reader.at];
  if (byte === closingByte(frame)) {
    stack.pop();
    return close(reader, frame);
  }
  if (byte !== COMMA) return unexpected(reader, `a comma or the end of the ${frame.kind}`);
  const comma = reader.at;
  reader.at += 1;
  skipSpace(reader);
  if (reader.bytes[reader.at] === closingByte(frame)) {
    return { offset: comma, problem: 'a comma before a closing bracket is not JSON (trailing comma): remove it' };
  }
  return frame.kind === 'object' ? readKey(reader, frame) : undefined;
}

function attach(frame: Frame, value: JsonNode): void {
  if (frame.kind === 'array') frame.items.push(value);
  else frame.members.push({ key: frame.key.text, keyStart: frame.key.start, keyEnd: frame.key.end, value });
}

/** Reads one value of any depth with a stack of its own. */
function readValue(reader: JsonReader, depth: number, values: number): JsonNode | JsonProblem {
  const stack: Frame[] = [];
  for (let count = 1; count <= values; count += 1) {
    const byte = reader.bytes[reader.at];
    let step: Step = byte === OPEN_OBJECT || byte === OPEN_ARRAY ? open(reader, stack, depth) : readScalar(reader);
    while (step !== undefined) {
      if ('problem' in step) return step;
      const frame = stack.at(-1);
      if (frame === undefined) return step;
      attach(frame, step);
      step = proceed(reader, stack, frame);
    }
  }
  return tooMuch(reader.at, `has more than ${values} values`);
}

function checkEncoding(bytes: Uint8Array): JsonProblem | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return { offset: 0, problem: 'the document begins with a byte order mark: remove it' };
  }
  const invalid = invalidUtf8At(bytes);
  return invalid === undefined ? undefined : { offset: invalid, problem: 'the document is not valid UTF-8' };
}

/** Strings cut from a longer document would keep all of it in memory for as long as one of them lives. */
const CUT_FROM = 16 * 1024;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function shortAscii(bytes: Uint8Array): string | undefined {
  if (bytes.length > CUT_FROM) return undefined;
  const text = decoder.decode(bytes);
  return text.length === bytes.length ? text : undefined;
}

/**
 * Reads a JSON document (RFC 8259) and refuses whatever Go's encoding/json and other readers take differently or
 * repair silently: a key twice in one object, anything after the value, invalid UTF-8, half surrogate pairs, a byte
 * order mark. Linear in time and memory; nothing in the input makes it throw.
 */
export function readJson(
  bytes: Uint8Array,
  limits: JsonLimits = {},
): { ok: true; node: JsonNode } | ({ ok: false } & JsonProblem) {
  const wrong = checkEncoding(bytes);
  if (wrong !== undefined) return { ok: false, ...wrong };
  const reader: JsonReader = { bytes, ascii: shortAscii(bytes), at: 0 };
  skipSpace(reader);
  if (reader.at === bytes.length) return { ok: false, offset: 0, problem: 'the document is empty' };
  const node = readValue(reader, limits.depth ?? DEFAULT_DEPTH, limits.values ?? DEFAULT_VALUES);
  if ('problem' in node) return { ok: false, ...node };
  skipSpace(reader);
  if (reader.at < bytes.length) return { ok: false, ...unexpected(reader, 'the end of the document') };
  return { ok: true, node };
}

/** The plain value of a scalar; a new empty container for the others. Objects have no prototype. */
function shallowValue(node: JsonNode): unknown {
  if (node.kind === 'object') return Object.create(null);
  if (node.kind === 'array') return [];
  if (node.kind === 'number') return Number(node.text);
  return node.kind === 'null' ? null : node.value;
}

function children(node: JsonNode): readonly { readonly key: string; readonly value: JsonNode }[] {
  if (node.kind === 'object') return node.members;
  return node.kind === 'array' ? node.items.map((value, index) => ({ key: String(index), value })) : [];
}

/**
 * The document as plain values, as JSON.parse gives them, but objects have no prototype, so that `__proto__` is a key
 * like any other. Numbers lose what does not fit into a double.
 */
export function toValue(node: JsonNode): unknown {
  const root: { value?: unknown } = {};
  const pending: { node: JsonNode; target: object }[] = [];
  const place = (target: object, key: string, child: JsonNode): void => {
    const value = shallowValue(child);
    Reflect.set(target, key, value);
    if (typeof value === 'object' && value !== null) pending.push({ node: child, target: value });
  };
  place(root, 'value', node);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { key, value } of children(next.node)) place(next.target, key, value);
  }
  return root.value;
}

/** Line and column of a byte offset, both from 1. Lines end with a line feed; columns count characters. */
export function lineAndColumn(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1;
  let column = 1;
  for (let at = 0; at < offset && at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x0a) {
      line += 1;
      column = 1;
    } else if ((byte & 0xc0) !== 0x80) column += 1;
  }
  return { line, column };
}
