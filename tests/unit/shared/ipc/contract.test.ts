import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientFrameSchema, contract, serverFrameSchema } from '../../../../shared/ipc/contract.ts';
import { emptyHandlers } from './empty-handlers.ts';

const handlers = emptyHandlers();
const inputs = [...Object.values(contract.requests), ...Object.values(contract.pushes)].map(({ input }) => input);

interface Found {
  readonly path: string;
  readonly schema: z.ZodType;
}

/** Every schema in a tree of objects, lists and schemas, with the way to it. */
function schemasOf(tree: unknown, path = 'contract', seen = new Set<unknown>()): readonly Found[] {
  if (typeof tree !== 'object' || tree === null || seen.has(tree)) return [];
  seen.add(tree);
  const here = tree instanceof z.ZodType ? [{ path, schema: tree }] : [];
  const below = tree instanceof z.ZodObject ? tree.shape : tree instanceof z.ZodType ? tree.def : tree;
  return [...here, ...Object.entries(below).flatMap(([key, inner]) => schemasOf(inner, `${path}.${key}`, seen))];
}

const isStrict = ({ def }: z.ZodObject) => def.catchall instanceof z.ZodNever;
const isAnything = (schema: z.ZodType) =>
  schema instanceof z.ZodAny || schema instanceof z.ZodUnknown || schema instanceof z.ZodCustom;

/** A pattern bounds by what it says; ours have lengths in them. */
function isUnbounded(schema: z.ZodType): boolean {
  const checks = schema.def.checks?.map(({ _zod }) => _zod.def.check) ?? [];
  if (schema instanceof z.ZodArray) return !checks.includes('max_length');
  return schema instanceof z.ZodString && schema.maxLength === null && !checks.includes('string_format');
}

it('finds what is loose and what is unbounded', () => {
  const tree = { a: z.strictObject({ b: z.object({}) }), c: z.array(z.string()).optional() };
  expect(schemasOf(tree).filter(({ schema }) => schema instanceof z.ZodObject && !isStrict(schema))).toHaveLength(1);
  expect(schemasOf(tree).filter(({ schema }) => isUnbounded(schema))).toHaveLength(2);
  expect(isUnbounded(z.array(z.string().max(5)).max(2))).toBe(false);
});

describe('the contract', () => {
  it('has schemas for what goes in and what comes out of every request', () => {
    for (const leaf of Object.values(contract.requests)) {
      expect(Object.keys(leaf)).toEqual(['input', 'output']);
      expect(leaf.input).toBeInstanceOf(z.ZodObject);
      expect(leaf.output).toBeInstanceOf(z.ZodType);
    }
    expect(Object.keys(handlers.requests)).toEqual(Object.keys(contract.requests));
  });

  it('has schemas for what starts every push and what it brings', () => {
    for (const leaf of Object.values(contract.pushes)) {
      expect(Object.keys(leaf)).toEqual(['input', 'value']);
      expect(leaf.input).toBeInstanceOf(z.ZodObject);
      expect(leaf.value).toBeInstanceOf(z.ZodType);
    }
    expect(Object.keys(handlers.pushes)).toEqual(Object.keys(contract.pushes));
  });

  it('takes no input that it does not know', () => {
    for (const { input } of [...Object.values(contract.requests), ...Object.values(contract.pushes)]) {
      expect(input.safeParse({ surprise: 1, limit: 1 }).success).toBe(false);
      expect(input.safeParse(null).success).toBe(false);
    }
  });

  it('bounds what can be asked for', () => {
    const { input } = contract.requests.recentEvents;
    expect(input.safeParse({ limit: 1000 }).success).toBe(true);
    expect(input.safeParse({ limit: 1001 }).success).toBe(false);
    expect(input.safeParse({}).success).toBe(false);
    expect(input.safeParse({ limit: 1, container: 'a'.repeat(129) }).success).toBe(false);
  });

  it('has a snapshot of what every view shows, with a schema of its own', () => {
    expect(contract.snapshot).toBeInstanceOf(z.ZodObject);
    expect(contract.snapshot.safeParse(handlers.snapshot()).success).toBe(true);
  });

  it('has schemas that are strict all the way down', () => {
    const loose = schemasOf(contract).filter(({ schema }) => schema instanceof z.ZodObject && !isStrict(schema));
    expect(loose.map(({ path }) => path)).toEqual([]);
    expect(schemasOf(contract).filter(({ schema }) => isAnything(schema))).toEqual([]);
  });

  it('bounds every text and every list that comes in', () => {
    const unbounded = schemasOf(inputs).filter(({ schema }) => isUnbounded(schema));
    expect(unbounded.map(({ path }) => path)).toEqual([]);
  });

  it('has frames that say one thing', () => {
    expect(clientFrameSchema.safeParse({ id: 1, request: 'status', input: {} }).success).toBe(true);
    expect(clientFrameSchema.safeParse({ id: 1, request: 'status', subscribe: 'event', input: {} }).success).toBe(
      false,
    );
    expect(clientFrameSchema.safeParse({ id: -1, unsubscribe: 2 }).success).toBe(false);
    expect(
      serverFrameSchema.safeParse({ id: 1, answer: { ok: false, error: { name: 'nope', message: '' } } }).success,
    ).toBe(false);
    expect(serverFrameSchema.safeParse({ hello: { protocol: 1, version: '2', more: true } }).success).toBe(true);
  });
});
