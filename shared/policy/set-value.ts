import { foldKey } from '../json/fold.ts';
import { type JsonNode, type JsonObject, readJson } from '../json/read-json.ts';
import { splice } from '../json/splice.ts';

const INDENT = '  ';
const utf8 = { encode: new TextEncoder(), decode: new TextDecoder() };

/**
 * A settings file's text with one value set, and every other character as it was: people's order, spacing and other
 * settings are theirs. Objects on the way are made where they are missing. Undefined when the text is not an object of
 * JSON, or has something else than an object on the way.
 */
export function setValue(text: string, path: readonly string[], value: unknown): string | undefined {
  const source = text.trim() === '' ? '{}\n' : text;
  const bytes = utf8.encode.encode(source);
  const root = readJson(bytes);
  if (!root.ok || root.node.kind !== 'object') return undefined;
  const place = findPlace(root.node, path);
  if (place === undefined) return undefined;
  const edit = place.found === undefined ? insertion(place, value) : replacement(place.found, place.depth, value);
  return utf8.decode.decode(splice(bytes, [edit]));
}

/** The value at the path, or the innermost object on the way to it and what is missing below. */
interface Place {
  readonly object: JsonObject;
  readonly depth: number;
  readonly missing: readonly string[];
  readonly found?: JsonNode;
}

function findPlace(root: JsonObject, path: readonly string[]): Place | undefined {
  let object = root;
  for (const [depth, key] of path.entries()) {
    // The settings' keys match in any case, as Docker Desktop reads them.
    const member = object.members.find((one) => foldKey(one.key) === foldKey(key));
    if (member === undefined) return { object, depth: depth + 1, missing: path.slice(depth) };
    if (depth === path.length - 1) return { object, depth: depth + 1, missing: [], found: member.value };
    if (member.value.kind !== 'object') return undefined;
    object = member.value;
  }
  return undefined;
}

function replacement({ start, end }: JsonNode, depth: number, value: unknown) {
  return { start, end, text: pretty(value, depth) };
}

function insertion({ object, depth, missing }: Place, value: unknown) {
  const [key = '', ...below] = missing;
  const nested = below.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const line = `\n${INDENT.repeat(depth)}${JSON.stringify(key)}: ${pretty(nested, depth)}`;
  const last = object.members.at(-1);
  if (last !== undefined) return { start: last.value.end, end: last.value.end, text: `,${line}` };
  return { start: object.start + 1, end: object.end - 1, text: `${line}\n${INDENT.repeat(depth - 1)}` };
}

function pretty(value: unknown, depth: number): string {
  return JSON.stringify(value, null, INDENT).replaceAll('\n', `\n${INDENT.repeat(depth)}`);
}
