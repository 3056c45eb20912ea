import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { registryTroubles, troubleWords } from '../../../../shared/images/registry-trouble.ts';

test('each trouble is in the documentation, with what to do, and nothing else is', () => {
  const text = readFileSync(new URL('../../../../docs/images.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split('### When a registry does not tell');
  const rows = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(rows.filter((name) => name !== 'trouble')).toEqual(registryTroubles);
});

test.each(registryTroubles)('%s has clauses that fit into a sentence', (trouble) => {
  const { what, cure, because } = troubleWords(trouble, 'r.example.com:5000');
  for (const clause of [what, cure, because]) {
    expect(clause).toMatch(/^[a-zA-Z"]/);
    expect(clause).not.toMatch(/[.;]$/);
  }
});
