import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientFrameSchema, contract, serverFrameSchema } from '../../../../shared/ipc/contract.ts';
import { emptyHandlers } from './empty-handlers.ts';

const handlers = emptyHandlers();

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

  it('gives a policy only as an object', () => {
    const { output } = contract.requests.policy;
    expect(output.safeParse({}).success).toBe(true);
    expect(['', null, []].map((value) => output.safeParse(value).success)).toEqual([false, false, false]);
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
