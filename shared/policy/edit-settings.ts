import { foldKey } from '../json/fold.ts';
import { type JsonArray, type JsonNode, type JsonObject, readJson } from '../json/read-json.ts';
import { changeItems, type Edit, splice } from '../json/splice.ts';
import { settingsBytes } from './settings-bytes.ts';
import { indentAt, prettyJson, styleOf, type TextStyle } from './text-style.ts';

/** One value, and where it belongs. */
export interface SettingsEdit {
  readonly path: readonly string[];
  readonly value: boolean | string | readonly string[];
}

/** Text whose string offsets are the byte offsets of what it was made from. */
interface Source {
  readonly latin1: string;
  readonly style: TextStyle;
}

/**
 * A settings file with values set, and every other byte as it was: its author's order, spacing and other settings are
 * theirs. Lists keep their items where they are; objects on the way are made where they are missing. Undefined when the
 * file is not an object of JSON, or has something else than an object on the way.
 */
export function editSettings(file: Uint8Array, edits: readonly SettingsEdit[]): Uint8Array | undefined {
  let bytes: Uint8Array | undefined = file.length === 0 ? new TextEncoder().encode('{}\n') : file;
  for (const edit of edits) bytes = bytes && editOne(bytes, edit);
  return bytes;
}

function editOne(file: Uint8Array, { path, value }: SettingsEdit): Uint8Array | undefined {
  const prepared = settingsBytes(file);
  if (!prepared.ok) return undefined;
  const root = readJson(prepared.bytes);
  const place = root.ok && root.node.kind === 'object' ? findPlace(root.node, path) : undefined;
  if (place === undefined) return undefined;
  // White space and punctuation are ASCII: bytes as characters do for finding them.
  const latin1 = new TextDecoder('latin1').decode(prepared.bytes);
  const source = { latin1, style: styleOf(latin1) };
  const edits = place.found === undefined ? [insertion(source, place, value)] : replacement(source, place.found, value);
  const inFile = edits.map(({ start, end, text }) => ({
    start: prepared.inFile(start),
    end: prepared.inFile(end),
    text,
  }));
  return splice(file, inFile);
}

/** The value at the path, or the innermost object on the way to it and what is missing below. */
interface Place {
  readonly object: JsonObject;
  readonly missing: readonly string[];
  readonly found?: JsonNode;
}

function findPlace(root: JsonObject, path: readonly string[]): Place | undefined {
  let object = root;
  for (const [depth, key] of path.entries()) {
    // The settings' keys match in any case, as Docker Desktop reads them.
    const member = object.members.find((one) => foldKey(one.key) === foldKey(key));
    if (member === undefined) return { object, missing: path.slice(depth) };
    if (depth === path.length - 1) return { object, missing: [], found: member.value };
    if (member.value.kind !== 'object') return undefined;
    object = member.value;
  }
  return undefined;
}

function replacement(source: Source, found: JsonNode, value: SettingsEdit['value']): readonly Edit[] {
  const itemEdits = found.kind === 'array' && Array.isArray(value) ? listEdits(source, found, value) : undefined;
  if (itemEdits !== undefined) return itemEdits;
  const { latin1, style } = source;
  return [{ start: found.start, end: found.end, text: prettyJson(value, indentAt(latin1, found.start), style) }];
}

/** The edits that take items out and put new ones at the end; undefined where that does not make the list wanted. */
function listEdits({ latin1 }: Source, list: JsonArray, wanted: readonly string[]): readonly Edit[] | undefined {
  const present = list.items.map((item) => (item.kind === 'string' ? item.value : undefined));
  const removed = present.flatMap((item, at) => (item !== undefined && wanted.includes(item) ? [] : [at]));
  const kept = present.filter((_, at) => !removed.includes(at));
  const added = wanted.slice(kept.length);
  const [first, last, beforeLast] = [list.items[0], list.items.at(-1), list.items.at(-2)];
  const isAsWanted = kept.every((item, at) => item === wanted[at]);
  if (!isAsWanted || kept.length === 0 || first === undefined || last === undefined) return undefined;
  const opening = latin1.slice(list.start + 1, first.start);
  const between = beforeLast && latin1.slice(beforeLast.end, last.start).replace(/^\s*,/, '');
  const space = between ?? (opening.includes('\n') ? opening : ' ');
  return changeItems(
    list,
    removed,
    added.map((item) => space + JSON.stringify(item)),
  );
}

function insertion({ latin1, style }: Source, { object, missing }: Place, value: SettingsEdit['value']): Edit {
  const [key = '', ...below] = missing;
  const nested = below.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const member = (base: string) => `${JSON.stringify(key)}: ${prettyJson(nested, base, style)}`;
  const last = object.members.at(-1);
  const outer = indentAt(latin1, object.start);
  if (last === undefined) {
    const inner = outer + style.indent;
    const text = `${style.newLine}${inner}${member(inner)}${style.newLine}${outer}`;
    return { start: object.start + 1, end: object.end - 1, text };
  }
  const at = last.value.end;
  const isOnOwnLine = /\n[\t ]*$/.test(latin1.slice(object.start, last.keyStart));
  if (!isOnOwnLine) return { start: at, end: at, text: `, ${member(outer)}` };
  const inner = indentAt(latin1, last.keyStart);
  return { start: at, end: at, text: `,${style.newLine}${inner}${member(inner)}` };
}
