import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_QUERY_PAIRS } from '../../../../shared/http/query.ts';
import {
  firstValue,
  parseRequestTarget,
  type RequestTarget,
  spellTarget,
} from '../../../../shared/http/request-target.ts';
import { checkTarget, requestLines } from '../../../fuzz/targets/request-line.ts';

function read(target: string): RequestTarget {
  const parsed = parseRequestTarget(target);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.target;
}

function problemOf(target: string): string {
  const parsed = parseRequestTarget(target);
  return parsed.ok ? '' : parsed.problem;
}

describe('parseRequestTarget', () => {
  it('takes a target apart', () => {
    expect(read('/v1.43/images/a%2Fb%3Ac/push?tag=la%20test&x=1+2&tag=second&y')).toEqual({
      version: '1.43',
      path: '/images/a/b:c/push',
      query: [
        { name: 'tag', value: 'la test' },
        { name: 'x', value: '1 2' },
        { name: 'tag', value: 'second' },
        { name: 'y', value: '' },
      ],
      rawPath: '/v1.43/images/a%2Fb%3Ac/push',
      rawQuery: 'tag=la%20test&x=1+2&tag=second&y',
    });
  });

  it('decodes exactly once', () => {
    expect(read('/images/%2570ush/a%252Fb').path).toBe('/images/%70ush/a%2Fb');
    expect(firstValue(read('/x?a=+%2B+').query, 'a')).toBe(' + ');
    expect(firstValue(read('/x?a=%2526').query, 'a')).toBe('%26');
  });

  it('leaves a plus sign in a path alone, and keeps a byte order mark', () => {
    expect(read('/images/a+b').path).toBe('/images/a+b');
    expect(read('/%EF%BB%BFa').path).toBe('/\ufeffa');
  });

  it.each([
    ['/_ping', undefined, '/_ping'],
    ['/v1.43/_ping', '1.43', '/_ping'],
    ['/v10.100/x', '10.100', '/x'],
    ['/v1.0/x', '1.0', '/x'],
    ['/v1.43/', '1.43', '/'],
    ['/%761.43%2F_ping', '1.43', '/_ping'],
    ['/version', undefined, '/version'],
    ['/volumes/v1.43', undefined, '/volumes/v1.43'],
  ])('reads the version of %s', (target, version, path) => {
    expect(read(target)).toMatchObject({ version, path });
  });

  it('tells a query from none, and only the first question mark counts', () => {
    expect(read('/x').rawQuery).toBeUndefined();
    expect(read('/x?')).toMatchObject({ rawQuery: '', query: [] });
    expect(read('/x?a=b?c').query).toEqual([{ name: 'a', value: 'b?c' }]);
    expect(read('/x%3Fy').path).toBe('/x?y');
  });

  it("takes a version of three parts before Podman's own API alone", () => {
    expect(read('/v4.3.1/libpod/info')).toMatchObject({ version: '4.3.1', path: '/libpod/info' });
    expect(spellTarget(read('/v4.3.1/%6cibpod/info?a=b'))).toBe('/v4.3.1/libpod/info?a=b');
  });

  it('reads odd queries as Go does', () => {
    expect(read('/x?&&a==b&=c&%61=d&a&+=+').query).toEqual([
      { name: 'a', value: '=b' },
      { name: '', value: 'c' },
      { name: 'a', value: 'd' },
      { name: 'a', value: '' },
      { name: ' ', value: ' ' },
    ]);
  });

  it('has the first of equal names win', () => {
    const { query } = read('/x?a=1&%61=2&A=3');
    expect(firstValue(query, 'a')).toBe('1');
    expect(firstValue(query, 'A')).toBe('3');
    expect(firstValue(query, 'b')).toBeUndefined();
  });

  it('refuses a query of too many parameters, also when they are empty, and never drops one', () => {
    const most = `${'&'.repeat(MAX_QUERY_PAIRS - 1)}a=1`;
    expect(firstValue(read(`/x?${most}`).query, 'a')).toBe('1');
    expect(problemOf(`/x?&${most}`)).toContain('more than 10000 parameters');
  });

  it('names the reason in one short printable line', () => {
    expect(problemOf('/v1.2.3/_ping')).toContain('odd API version; write it as "/v1.43/…"');
    expect(problemOf('/v1.2.3/containers/libpod/json')).toContain('odd API version');
    expect(problemOf('/v1.2.3.4/libpod/info')).toContain('odd API version');
    expect(problemOf('/v4.3.1-dev/libpod/info')).toContain('odd API version');
    expect(problemOf('/a/../b')).toContain('segment');
    expect(problemOf('/a%0Ab')).toContain('U+000A');
    expect(problemOf('/x?%0A%C3%A9=%')).toContain('"\\x0a\\xe9"');
    expect(problemOf('/x?a;b')).toContain('%3B');
    for (const target of [
      `/v1${'9'.repeat(5000)}/`,
      `/%x${'\t'.repeat(9)}`,
      `/%\\${'x'.repeat(5000)}`,
      `/x?${'x'.repeat(5000)}=%`,
    ]) {
      expect(problemOf(target)).toMatch(/^[ -~…]{10,200}$/);
    }
  });

  it.each(['', '_ping', 'http://d/_ping', '*', '/a b', '/caf\xe9', '/\x7f', '/a\nb', '/x?a b', '/x?\xe9', '/\u0161'])(
    'refuses %j, which no parsed head holds',
    (target) => {
      expect(parseRequestTarget(target).ok).toBe(false);
    },
  );
});

describe('spellTarget', () => {
  it.each([
    ['/v1.43/images/a%2Fb%3Ac%40d/json?x=%7e', '/v1.43/images/a/b:c@d/json?x=%7e'],
    ['/%70ush', '/push'],
    ['/%761.43%2Fx', '/v1.43/x'],
    ['/x?', '/x?'],
    ['/a%20b%3F%25+%C3%A9%F0%9F%98%80', '/a%20b%3F%25%2B%C3%A9%F0%9F%98%80'],
    ['/{"<>^`|}', '/%7B%22%3C%3E%5E%60%7C%7D'],
    ["/~a-b_c.d!$&'()*,;=", '/~a-b_c.d%21%24%26%27%28%29%2A%2C%3B%3D'],
  ])('spells %s as %s', (target, spelled) => {
    expect(spellTarget(read(target))).toBe(spelled);
  });

  it('is read back as the same target, and is stable', () => {
    let accepted = 0;
    fc.assert(
      fc.property(requestLines, (line) => {
        const parsed = parseRequestTarget(line.slice(line.indexOf(' ') + 1));
        if (!parsed.ok) return;
        accepted += 1;
        checkTarget(parsed.target);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });
});
