import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../fuzz/corpus.ts';
import { targets } from '../../fuzz/targets.ts';

for (const target of targets) {
  describe(`the corpus of ${target.name}`, () => {
    const corpus = readCorpus(target.name);

    it('is small, and made of short files', () => {
      expect(corpus.length).toBeGreaterThan(5);
      expect(corpus.length).toBeLessThanOrEqual(60);
      for (const { name, bytes } of corpus) expect([name, bytes.length <= target.longest]).toEqual([name, true]);
    });

    it('breaks no property', async () => {
      for (const { name, bytes } of corpus) {
        await target.check(bytes)?.catch((error: Error) => expect.unreachable(`${name}: ${error.message}`));
      }
    });
  });
}
