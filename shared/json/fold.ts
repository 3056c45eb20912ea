import type { JsonMember, JsonNode } from './json-node.ts';
import { shownKey } from './shown-key.ts';

/** U+0131 (dotless i): its upper case is I, but simple case folding leaves it alone. */
const DOTLESS_I = '\u0131';

function foldCharacter(char: string): string {
  if (char === DOTLESS_I) return char;
  const upper = char.toUpperCase();
  // What becomes several characters (like U+00DF to SS) has no simple folding that way.
  const single = [...upper].length === 1 ? upper : char;
  const lower = single.toLowerCase();
  return [...lower].length === 1 ? lower : single;
}

/**
 * The name that Go's encoding/json compares when it looks for a field: Unicode simple case folding, under which the
 * long s (U+017F) is an s and the Kelvin sign (U+212A) a k.
 */
export function foldKey(key: string): string {
  if (/^[ -~]*$/.test(key)) return key.toLowerCase();
  let folded = '';
  for (const char of key) folded += foldCharacter(char);
  return folded;
}

const indexes = new WeakMap<JsonNode, ReadonlyMap<string, readonly JsonMember[]>>();

/** The object's members by folded key, made once per object: a body has as many members as the peer likes. */
function membersByFold(object: JsonNode & { kind: 'object' }): ReadonlyMap<string, readonly JsonMember[]> {
  const known = indexes.get(object);
  if (known !== undefined) return known;
  const index = new Map<string, JsonMember[]>();
  for (const entry of object.members) {
    const folded = foldKey(entry.key);
    const alike = index.get(folded);
    if (alike === undefined) index.set(folded, [entry]);
    else alike.push(entry);
  }
  indexes.set(object, index);
  return index;
}

/** The value of the member with exactly that key; undefined when there is none or the node is no object. */
export function member(node: JsonNode, canonicalKey: string): JsonNode | undefined {
  if (node.kind !== 'object') return undefined;
  const alike = membersByFold(node).get(foldKey(canonicalKey));
  return alike?.find((entry) => entry.key === canonicalKey)?.value;
}

/**
 * The value of the member that the engine would take for a field, undefined when there is none (also in `null`, which
 * leaves Go's struct as it is). Refuses another spelling of the key and two members that the engine takes for the
 * same field: it would merge them.
 */
export function checkedMember(
  object: JsonNode,
  canonicalKey: string,
): { ok: true; value: JsonNode | undefined } | { ok: false; problem: string; offset: number } {
  if (object.kind === 'null') return { ok: true, value: undefined };
  if (object.kind !== 'object') {
    return { ok: false, offset: object.start, problem: `an object that may hold ${canonicalKey} is expected here` };
  }
  const alike = membersByFold(object).get(foldKey(canonicalKey)) ?? [];
  const odd = alike.find((entry) => entry.key !== canonicalKey);
  if (odd !== undefined) {
    return {
      ok: false,
      offset: odd.keyStart,
      problem: `the key ${shownKey(odd.key)} must be spelled "${canonicalKey}"`,
    };
  }
  const second = alike[1];
  if (second !== undefined) {
    return { ok: false, offset: second.keyStart, problem: `the key "${canonicalKey}" comes twice in one object` };
  }
  return { ok: true, value: alike[0]?.value };
}
