import { field } from '../engine-api/body-fields.ts';
import type { JsonNode, JsonObject } from '../json/json-node.ts';
import type { Escape, EscapeKind } from './kinds.ts';

/** Finds what one field of a HostConfig lets out. */
export type FieldReader = (level: JsonObject, name: string) => readonly Escape[];

export function wayOut(kind: EscapeKind, name: string, value: string): Escape {
  return { kind, found: `${name}: ${value}` };
}

/** A field whose every value but `false` is one. */
export function flag(kind: EscapeKind): FieldReader {
  return (level, name) => (field(level, name, 'boolean')?.value === true ? [wayOut(kind, name, 'true')] : []);
}

/** A field that says something only where the given test finds it. */
export function textWhere(kind: EscapeKind, isEscape: (value: string) => boolean): FieldReader {
  return (level, name) => {
    const value = field(level, name, 'string')?.value ?? '';
    return value !== '' && isEscape(value) ? [wayOut(kind, name, `"${value}"`)] : [];
  };
}

/** A list or an object that must have nothing in it. */
export function empty(kind: EscapeKind, of: 'array' | 'object'): FieldReader {
  return (level, name) => {
    const node = field(level, name, of);
    return node === undefined || isZero(node) ? [] : [wayOut(kind, name, of === 'array' ? '[…]' : '{…}')];
  };
}

/** What Go's zero value looks like: a field that says nothing, which clients write out nevertheless. */
export function isZero(node: JsonNode): boolean {
  switch (node.kind) {
    case 'null':
      return true;
    case 'boolean':
      return !node.value;
    case 'number':
      return Number(node.text) === 0;
    case 'string':
      return node.value === '';
    case 'array':
      return node.items.length === 0;
    case 'object':
      return node.members.every(({ value }) => isZero(value));
  }
}
