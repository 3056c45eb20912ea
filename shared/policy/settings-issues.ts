import type { z } from 'zod';
import type { JsonNode } from '../json/read-json.ts';
import {
  dottedPath,
  findValue,
  type KeyRemark,
  keyOffset,
  objectShape,
  quoted,
  type ValuePath,
} from './settings-keys.ts';
import { NOT_SUPPORTED } from './settings-schema.ts';

type Issue = z.core.$ZodIssue;

const expectedWords: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'a string',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  number: 'a number',
  int: 'a whole number',
};

/**
 * Says what zod found wrong in sentences that name the value, what it is and what it should be.
 *
 * @param most How many sentences are enough: one issue can be about any number of unknown keys.
 */
export function describeIssue(root: JsonNode, schema: z.ZodType, issue: Issue, most: number): KeyRemark[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const { node, offset } = findValue(root, path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.slice(0, most).map((key) => ({
      path: [...path, key],
      offset: keyOffset(node, key),
      text: `is not a setting that Lockkeeper knows; ${dottedPath(path)} may hold: ${known.join(', ')}.`,
    }));
  }
  // Zod's own limit of whole numbers; every setting has a narrower one, which is told.
  if (issue.code === 'too_big' && issue.maximum === Number.MAX_SAFE_INTEGER) {
    return [];
  }
  return [{ path, offset, text: sentence(issue, node) }];
}

function sentence(issue: Issue, node: JsonNode): string {
  const found = describeNode(node);
  switch (issue.code) {
    case 'invalid_type':
      if (node.kind === 'number' && issue.expected === 'number') {
        return `is ${found}, which is beyond all limits.`;
      }
      return `must be ${expectedWords[issue.expected] ?? issue.expected}, but is ${found}.`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, but is ${found}.`;
    case 'too_small':
      return `must be at least ${issue.minimum}, but is ${found}.`;
    case 'too_big':
      return `must be at most ${issue.maximum}, but is ${found}.`;
    default:
      return issue.message === NOT_SUPPORTED
        ? `is ${found}, which is ${NOT_SUPPORTED} of Lockkeeper; remove it.`
        : `${issue.message}, but is ${found}.`;
  }
}

function knownKeys(schema: z.ZodType, path: ValuePath): readonly string[] {
  const inner = path.reduce<z.ZodType | undefined>(
    (type, step) => (type === undefined ? undefined : objectShape(type)?.[step]),
    schema,
  );
  return inner === undefined ? [] : Object.keys(objectShape(inner) ?? {});
}

function describeNode(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return node.members.length === 0 ? 'an empty object' : 'an object';
    case 'array':
      return node.items.length === 0 ? 'an empty list' : 'a list';
    case 'string':
      return `the string ${quoted(node.value)}`;
    case 'number':
      return `the number ${node.text.length > 40 ? `${node.text.slice(0, 37)}...` : node.text}`;
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
  }
}
