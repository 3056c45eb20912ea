import { z } from 'zod';
import { foldKey, member } from '../json/fold.ts';
import type { JsonNode } from '../json/read-json.ts';

/** Keys and list indexes from the top of a settings file down to a value. */
export type ValuePath = readonly (string | number)[];

/** Something to say about a key, and the byte at which it stands. */
export interface KeyRemark {
  readonly path: ValuePath;
  readonly offset: number;
  /** Goes on from the path: `is given twice …`. */
  readonly text: string;
  /** Set when the text has a subject of its own, so that it stands behind a colon. */
  readonly ownSubject?: true;
}

export interface CanonicalDocument {
  /** The document with every key that the schema knows in the schema's spelling. */
  readonly node: JsonNode;
  readonly warnings: readonly KeyRemark[];
  readonly problems: readonly KeyRemark[];
}

/**
 * Gives keys the spelling that the schema has. Docker Desktop is written in Go, whose JSON reader matches keys without
 * regard to case; read strictly, a `"LOCKED": true` would lock there and do nothing here. Two keys that differ in
 * case only are an error, since Go would merge them. Objects that the schema leaves open are left as they are.
 */
export function canonicalKeys(node: JsonNode, schema: z.ZodType): CanonicalDocument {
  const warnings: KeyRemark[] = [];
  const problems: KeyRemark[] = [];

  const visit = (value: JsonNode, type: z.ZodType, path: ValuePath): JsonNode => {
    const shape = objectShape(type);
    if (value.kind !== 'object' || shape === undefined) {
      return value;
    }
    const spellings = new Map(Object.keys(shape).map((key) => [foldKey(key), key]));
    const seen = new Map<string, string>();
    const members = value.members.map((given) => {
      const folded = foldKey(given.key);
      const key = spellings.get(folded) ?? given.key;
      const here = [...path, key];
      const twin = seen.get(folded);
      if (twin !== undefined) {
        const text = `is given twice, as ${quoted(twin)} and as ${quoted(given.key)}; keep one of them.`;
        problems.push({ path: here, offset: given.keyStart, text });
      } else if (key !== given.key) {
        const text = `is spelled ${quoted(given.key)} here; it is read all the same, but write ${quoted(key)}.`;
        warnings.push({ path: here, offset: given.keyStart, text });
      }
      seen.set(folded, given.key);
      const inner = Object.hasOwn(shape, key) ? shape[key] : undefined;
      return { ...given, key, value: inner === undefined ? given.value : visit(given.value, inner, here) };
    });
    return { ...value, members };
  };

  return { node: visit(node, schema, []), warnings, problems };
}

/** The keys of an object schema, whether it may be absent or not. */
export function objectShape(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return inner instanceof z.ZodObject ? inner.shape : undefined;
}

/** A value of the document, with the offset at which a person looks for it: its key's, or its own inside a list. */
export interface FoundValue {
  readonly node: JsonNode;
  readonly offset: number;
}

/** Goes down a path as far as the document goes, so that something missing is reported at what should hold it. */
export function findValue(root: JsonNode, path: ValuePath): FoundValue {
  let found: FoundValue = { node: root, offset: root.start };
  for (const step of path) {
    const next = childOf(found.node, step);
    if (next === undefined) {
      return found;
    }
    found = next;
  }
  return found;
}

function childOf(node: JsonNode, step: string | number): FoundValue | undefined {
  if (node.kind === 'array' && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? undefined : { node: item, offset: item.start };
  }
  const value = typeof step === 'string' ? member(node, step) : undefined;
  return value === undefined ? undefined : { node: value, offset: value.start };
}

/** Where a key stands that its object should not have. */
export function keyOffset(object: JsonNode, key: string): number {
  const found = object.kind === 'object' ? object.members.find((candidate) => candidate.key === key) : undefined;
  return found?.keyStart ?? object.start;
}

/** The path of the innermost list item or member value around a byte. */
export function pathAt(root: JsonNode, offset: number): ValuePath {
  const path: (string | number)[] = [];
  let step = stepTo(root, offset);
  while (step !== undefined) {
    path.push(step.name);
    step = stepTo(step.node, offset);
  }
  return path;
}

function stepTo(
  node: JsonNode,
  offset: number,
): { readonly name: string | number; readonly node: JsonNode } | undefined {
  if (node.kind === 'object') {
    const around = node.members.find(({ keyStart, value }) => keyStart <= offset && offset < value.end);
    return around === undefined ? undefined : { name: around.key, node: around.value };
  }
  const index = node.kind === 'array' ? node.items.findIndex(({ start, end }) => start <= offset && offset < end) : -1;
  const item = node.kind === 'array' ? node.items[index] : undefined;
  return item === undefined ? undefined : { name: index, node: item };
}

/** `enhancedContainerIsolation.dockerSocketMount.imageList.images[2]`. */
export function dottedPath(path: ValuePath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') {
      return `${text}[${step}]`;
    }
    const name = /^[\w$-]{1,60}$/.test(step) ? step : quoted(step);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** Text from a file, fit to stand in a sentence: on one line, without control characters, and not endless. */
export function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return JSON.stringify(shown);
}
