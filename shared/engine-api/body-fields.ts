import { checkedMember } from '../json/fold.ts';
import type { JsonArray, JsonNode, JsonObject } from '../json/json-node.ts';

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly offset: number };

/** Unwinds the reading of one body; caught in {@link reading}, never seen outside. */
class Malformed extends Error {
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(problem);
    this.offset = offset;
  }
}

/** Ends the reading of a body with a complaint. */
export function malformed(problem: string, offset: number): never {
  throw new Malformed(problem, offset);
}

/** Runs a reader over a body and turns its first complaint into a value. */
export function reading<T>(read: () => T): Reading<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, problem: error.message, offset: error.offset };
    throw error;
  }
}

/**
 * The value of a key that we inspect, absent when missing or null, as Go leaves the zero value for both.
 * Other spellings of the key are refused, because Go would read them too (encoding/json folds case).
 */
export function field<K extends JsonNode['kind']>(
  object: JsonObject,
  key: string,
  kind: K,
): Extract<JsonNode, { kind: K }> | undefined {
  const found = checkedMember(object, key);
  if (!found.ok) throw new Malformed(found.problem, found.offset);
  const value = found.value;
  if (value === undefined || value.kind === 'null') return undefined;
  if (value.kind !== kind) throw new Malformed(`${key} must be of type ${kind}, not ${value.kind}`, value.start);
  return value as Extract<JsonNode, { kind: K }>;
}

export function text(object: JsonObject, key: string): string {
  return field(object, key, 'string')?.value ?? '';
}

export function objects(list: JsonArray | undefined, name: string): readonly JsonObject[] {
  return (list?.items ?? []).map((item) => {
    if (item.kind !== 'object') throw new Malformed(`${name} must hold objects, not ${item.kind}`, item.start);
    return item;
  });
}

export function strings(list: JsonArray | undefined, name: string): readonly string[] {
  return (list?.items ?? []).map((item) => {
    if (item.kind !== 'string') throw new Malformed(`${name} must hold strings, not ${item.kind}`, item.start);
    return item.value;
  });
}

/** An object of strings; a map's keys are data and are not folded by Go. */
export function stringMap(object: JsonObject | undefined): Readonly<Record<string, string>> {
  const map: Record<string, string> = Object.create(null);
  for (const { key, value } of object?.members ?? []) {
    if (value.kind !== 'string') throw new Malformed(`${key} must be a string, not ${value.kind}`, value.start);
    map[key] = value.value;
  }
  return map;
}
