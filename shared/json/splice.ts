import type { JsonArray, JsonObject } from './json-node.ts';

/** Replaces the bytes from `start` up to `end` by the text in UTF-8; an empty range inserts. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const utf8 = new TextEncoder();

/** Insertions go before a replacement at the same offset, and stay in their order among themselves. */
function inOrder(a: Edit, b: Edit): number {
  if (a.start !== b.start) return a.start - b.start;
  return Number(a.end > a.start) - Number(b.end > b.start);
}

/**
 * The bytes with the edits made, all other bytes as they were. The edits may come in any order; offsets are those of
 * the original bytes. Edits that overlap or lie outside the bytes are a bug of the caller and throw.
 */
export function splice(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let kept = 0;
  for (const edit of [...edits].sort(inOrder)) {
    if (edit.start < kept || edit.end < edit.start || edit.end > bytes.length) {
      throw new RangeError(`the edit from ${edit.start} to ${edit.end} overlaps another or lies outside the document`);
    }
    pieces.push(bytes.subarray(kept, edit.start), utf8.encode(edit.text));
    kept = edit.end;
  }
  pieces.push(bytes.subarray(kept));
  const result = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Removes entries of a comma-separated list together with the commas that go with them. */
function removals(spans: readonly Span[], removed: ReadonlySet<number>): Edit[] {
  const edits: Edit[] = [];
  let keptOne = false;
  spans.forEach((span, index) => {
    if (!removed.has(index)) {
      keptOne = true;
      return;
    }
    const before = spans[index - 1];
    const after = spans[index + 1];
    // With a kept entry before it an entry goes with the comma before it, else with the one after it.
    const start = keptOne && before !== undefined ? before.end : span.start;
    const end = !keptOne && after !== undefined ? after.start : span.end;
    edits.push({ start, end, text: '' });
  });
  return edits;
}

function change(list: Span, spans: readonly Span[], removed: ReadonlySet<number>, added: readonly string[]): Edit[] {
  const edits = removals(spans, removed);
  if (added.length === 0) return edits;
  const at = spans.at(-1)?.end ?? list.start + 1;
  const isEmpty = spans.every((_, index) => removed.has(index));
  return [...edits, { start: at, end: at, text: `${isEmpty ? '' : ','}${added.join(',')}` }];
}

/**
 * The edits that take the items with these indexes out of an array and put the texts (JSON values) at its end. All
 * changes to the length of one array must be made in one call, since they share its commas.
 */
export function changeItems(array: JsonArray, removed: readonly number[], added: readonly string[]): Edit[] {
  return change(array, array.items, new Set(removed), added);
}

/** The edits that take the items with these indexes out of an array. */
export function removeItems(array: JsonArray, removed: readonly number[]): Edit[] {
  return changeItems(array, removed, []);
}

/** The edits that put the texts (JSON values) at the end of an array. */
export function appendItems(array: JsonArray, added: readonly string[]): Edit[] {
  return changeItems(array, [], added);
}

/** The edits that put members (key, and value as JSON text) at the end of an object; in one call for one object. */
export function appendMembers(object: JsonObject, added: readonly (readonly [key: string, text: string])[]): Edit[] {
  const spans = object.members.map(({ keyStart, value }) => ({ start: keyStart, end: value.end }));
  const texts = added.map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  return change(object, spans, new Set(), texts);
}
