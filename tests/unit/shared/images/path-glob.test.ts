import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CharacterSource, compilePathGlob, matchesPathGlob } from '../../../../shared/images/path-glob.ts';

function fits(pattern: string, path: string): boolean {
  return matchesPathGlob(compilePathGlob(pattern), path);
}

describe('matchesPathGlob', () => {
  it.each([
    ['testcontainers/*', ['testcontainers/ryuk'], ['testcontainers', 'testcontainers/a/b', 'xtestcontainers/ryuk']],
    ['library/foo*', ['library/foo', 'library/foobar'], ['library/fo', 'library/foo/bar', 'library/xfoo']],
    ['ci/ci-*', ['ci/ci-runner', 'ci/ci-a.b'], ['ci/runner', 'ci/ci/x', 'ci/ci-a/b']],
    ['*/foo', ['a/foo', 'library/foo'], ['foo', 'a/b/foo', 'a/foo/b', 'a/foox']],
    ['a*b*c', ['abc', 'axbxc', 'abcbc'], ['ac', 'acb', 'abcd', 'a/bc']],
    ['*-*', ['a-b', 'a--b'], ['ab']],
    ['**', ['a', 'a/b', 'a/b/c'], ['']],
    ['tools/**', ['tools/a', 'tools/a/b/c'], ['tools', 'toolsa', 'a/tools/b']],
    ['**/foo', ['foo', 'a/foo', 'a/b/foo'], ['afoo', 'a/xfoo', 'foo/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b', 'a/b/b'], ['ab', 'a/xb', 'a/x/yb', 'a/b/x']],
    ['a/**/b*/**', ['a/b/x', 'a/y/bx/z/z', 'a/b/b/b'], ['a/b', 'a/x/y']],
    ['**/**/a', ['a', 'x/a', 'x/y/a'], ['xa']],
    ['a/**/**', ['a/b', 'a/b/c'], ['a']],
    ['foo', ['foo'], ['fo', 'fooo', 'a/foo']],
  ])('%s', (pattern, fitting, others) => {
    for (const path of fitting) expect([path, fits(pattern, path)]).toEqual([path, true]);
    for (const path of others) expect([path, fits(pattern, path)]).toEqual([path, false]);
  });
});

/** The definition, spelt out without any thought for time. */
function oracleComponents(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...patternRest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === '**') {
    if (patternRest.length === 0) return path.length > 0;
    return path.some((_, skipped) => oracleComponents(patternRest, path.slice(skipped)));
  }
  const [component, ...pathRest] = path;
  return component !== undefined && oracleText(first, component) && oracleComponents(patternRest, pathRest);
}

function oracleText(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') {
    return oracleText(pattern.slice(1), text) || (text !== '' && oracleText(pattern, text.slice(1)));
  }
  return text[0] === pattern[0] && oracleText(pattern.slice(1), text.slice(1));
}

describe('against the definition', () => {
  const patternComponent = fc.oneof(
    fc.constantFrom('**', '*', 'a', 'b', 'a*', '*a', 'a*b', '*a*', 'ab*ba'),
    fc.stringMatching(/^(\*?[ab]){1,4}\*?$/),
  );
  const pattern = fc.array(patternComponent, { minLength: 1, maxLength: 5 });
  const path = fc.array(fc.stringMatching(/^[ab]{1,5}$/), { minLength: 1, maxLength: 5 });
  it('fits the same paths', () => {
    fc.assert(
      fc.property(pattern, path, (p, t) => {
        expect(fits(p.join('/'), t.join('/'))).toBe(oracleComponents(p, t));
      }),
      { numRuns: 20_000 },
    );
  });

  it('fits what the pattern was made from', () => {
    const made = fc.array(
      fc.oneof(
        fc.stringMatching(/^[ab]{1,4}$/).map((c) => [c, c] as const),
        fc
          .tuple(fc.stringMatching(/^[ab]{0,3}$/), fc.stringMatching(/^[ab]{1,3}$/))
          .map(([a, b]) => [`${a}*`, a + b] as const),
        fc
          .array(fc.stringMatching(/^[ab]{1,3}$/), { minLength: 1, maxLength: 3 })
          .map((c) => ['**', c.join('/')] as const),
      ),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(made, (pairs) => fits(pairs.map(([p]) => p).join('/'), pairs.map(([, t]) => t).join('/'))),
      { numRuns: 5000 },
    );
  });
});

describe('work', () => {
  /** A match with every look at a character and at a state of the pattern counted. */
  function countedWork(pattern: string, path: string): { fits: boolean; characters: number; states: number } {
    const work = { characters: 0, states: 0 };
    const source: CharacterSource = {
      length: path.length,
      charCodeAt(index) {
        work.characters++;
        return path.charCodeAt(index);
      },
    };
    const tokens = new Proxy(compilePathGlob(pattern).tokens, {
      get(target, key, receiver) {
        if (typeof key === 'string' && key !== 'length') work.states++;
        return Reflect.get(target, key, receiver);
      },
    });
    return { fits: matchesPathGlob({ tokens }, source), ...work };
  }

  const patterns = [
    `${'a*'.repeat(100)}b`,
    `${'*a'.repeat(100)}b`,
    `**/${'a*/'.repeat(60)}b`,
    `${'**/a/'.repeat(40)}b`,
    `${'**/'.repeat(80)}b`,
    `${'**/*a*/'.repeat(30)}**`,
    `${'*/'.repeat(100)}b`,
  ];
  const paths = ['a'.repeat(255), 'a/'.repeat(127).concat('a'), `${'a'.repeat(50)}/`.repeat(4).concat('a')];
  it.each(patterns)('reads each character once and each state at most four times per character: %s', (pattern) => {
    const states = compilePathGlob(pattern).tokens.length + 1;
    for (const path of paths) {
      const work = countedWork(pattern, path);
      expect(work.characters).toBeLessThanOrEqual(path.length);
      expect(work.states).toBeLessThanOrEqual(4 * states * (path.length + 1));
    }
  });

  it('grows with the name by the same amount for each character', () => {
    const pattern = `${'*a'.repeat(20)}b`;
    const statesFor = (length: number): number => countedWork(pattern, 'a'.repeat(length)).states;
    const perThousand = statesFor(2000) - statesFor(1000);
    expect(statesFor(10_000)).toBe(statesFor(1000) + 9 * perThousand);
  });

  it('stops at the first character that no state accepts', () => {
    expect(countedWork('testcontainers/*', 'zzz/'.repeat(50)).characters).toBe(1);
  });
});
