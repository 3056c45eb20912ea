import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from '../../fuzz/fuzzer.ts';
import type { Target } from '../../fuzz/target.ts';
import { readSlowly, readStepwise } from './planted.ts';

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

function targetOf(check: (input: Uint8Array) => void): Target {
  return {
    name: 'planted',
    files: ['tests/unit/fuzz/planted.ts'],
    words: ['a'],
    inputs: fc.uint8Array({ maxLength: 3 }),
    longest: 400,
    mostBlocksPerByte: 100,
    check,
  };
}

describe('the fuzzer', () => {
  it('finds what only one step after the other leads to, and cuts it to the shortest', async () => {
    const result = await fuzz(targetOf(readStepwise), { seconds: 30, seed: 1, corpus: [] });
    expect(result.finding?.problem).toBe('Error: the planted bug');
    expect(text(result.finding?.input)).toBe('LOCK');
    expect(result.corpus.length).toBeGreaterThan(3);
  });

  it('finds a reader that takes more than its time, by the blocks that it runs', async () => {
    const { finding } = await fuzz(targetOf(readSlowly), { seconds: 30, seed: 1, corpus: [] });
    expect(finding?.problem).toMatch(/^\d+ bytes had \d+ blocks of code run$/);
  });

  it('is content with a reader in which nothing is wrong', async () => {
    const { finding, executions } = await fuzz(
      targetOf(() => {}),
      { seconds: 0.2, seed: 1, corpus: [] },
    );
    expect(finding).toBeUndefined();
    expect(executions).toBeGreaterThan(100);
  });
});
