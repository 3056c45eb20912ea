import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedMember, foldKey, member } from '../../../../shared/json/fold.ts';
import { type JsonNode, readJson } from '../../../../shared/json/read-json.ts';
import { processorTime } from '../../processor-time.ts';

function read(text: string): JsonNode {
  const result = readJson(new TextEncoder().encode(text));
  if (!result.ok) throw new Error(result.problem);
  return result.node;
}

/** Whether two characters are alike under Unicode simple case folding, as JavaScript's own `iu` expressions see it. */
function alike(one: string, other: string): boolean {
  const escaped = `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`;
  return new RegExp(`^${escaped}$`, 'iu').test(other);
}

describe('foldKey', () => {
  it.each([
    ['HostConfig', 'hostconfig'],
    ['HO\u017fTCONFIG', 'hostconfig'],
    ['NetworK', 'network'],
    ['Networ\u212a', 'network'],
    ['a_b-C1', 'a_b-c1'],
    ['\u03a3\u03c2\u03c3', '\u03c3\u03c3\u03c3'],
    ['\u0131I\u0130i', '\u0131i\u0130i'],
    ['\u00df\u1e9e', '\u00df\u00df'],
    ['\u{10400}', '\u{10428}'],
    ['', ''],
  ])('folds %j', (key, folded) => {
    expect(foldKey(key)).toBe(folded);
  });

  it('takes only the long s and the Kelvin sign for ASCII letters', () => {
    const found: string[] = [];
    for (let code = 0x80; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const char = String.fromCodePoint(code);
      if (/^[\0-\x7f]*$/.test(foldKey(char))) found.push(char);
    }
    expect(found).toEqual(['\u017f', '\u212a']);
  });

  it('is simple case folding for every character of Unicode that has cases', () => {
    for (let code = 0; code <= 0x1ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const char = String.fromCodePoint(code);
      for (const variant of [char.toLowerCase(), char.toUpperCase(), foldKey(char)]) {
        if (variant === char || [...variant].length > 1) continue;
        expect([char, variant, foldKey(char) === foldKey(variant)]).toEqual([char, variant, alike(char, variant)]);
      }
    }
  });

  it('folds for good', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        expect(foldKey(foldKey(key))).toBe(foldKey(key));
      }),
    );
  });
});

describe('member', () => {
  it('finds only the exact key', () => {
    const node = read('{"hostconfig":1,"HostConfig":2,"__proto__":3}');
    expect(member(node, 'HostConfig')).toMatchObject({ text: '2' });
    expect(member(node, 'HOSTCONFIG')).toBeUndefined();
    expect(member(node, '__proto__')).toMatchObject({ text: '3' });
    expect(member(node, 'constructor')).toBeUndefined();
    expect(member(read('[]'), 'length')).toBeUndefined();
  });
});

describe('checkedMember', () => {
  it('gives the value of the canonical key', () => {
    expect(checkedMember(read('{"Image":"x"}'), 'Image')).toMatchObject({ ok: true, value: { value: 'x' } });
    expect(checkedMember(read('{"Images":"x"}'), 'Image')).toEqual({ ok: true, value: undefined });
    expect(checkedMember(read('{}'), 'Image')).toEqual({ ok: true, value: undefined });
    expect(checkedMember(read('null'), 'Image')).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ['{"a":1,"image":"x"}', 7],
    ['{"IMAGE":"x"}', 1],
    ['{"Image":"x","image":"y"}', 13],
    ['{"image":"x","Image":"y"}', 1],
  ])('refuses %s', (text, offset) => {
    expect(checkedMember(read(text), 'Image')).toEqual({
      ok: false,
      offset,
      problem: expect.stringContaining('must be spelled "Image"'),
    });
  });

  it('refuses the spellings that only Unicode folding makes alike', () => {
    expect(checkedMember(read('{"Ho\u017ftConfig":{}}'), 'HostConfig').ok).toBe(false);
    expect(checkedMember(read('{"Networ\u212aMode":1}'), 'NetworkMode').ok).toBe(false);
    expect(checkedMember(read('{"Bi\u0131nds":1}'), 'Biinds').ok).toBe(true);
  });

  it('refuses two members with the very same key, which readJson lets nobody have', () => {
    const value: JsonNode = { kind: 'null', start: 5, end: 9 };
    const entry = { key: 'A', keyStart: 1, keyEnd: 4, value };
    const node: JsonNode = { kind: 'object', start: 0, end: 20, members: [entry, { ...entry, keyStart: 11 }] };
    expect(checkedMember(node, 'A')).toEqual({ ok: false, offset: 11, problem: expect.stringContaining('twice') });
  });

  it.each(['[]', '"x"', '1', 'true'])('refuses %s, which is no object', (text) => {
    expect(checkedMember(read(text), 'Image')).toMatchObject({ ok: false, offset: 0 });
  });

  it('is quick when asked for many keys of a huge object', () => {
    const members = Array.from({ length: 200_000 }, (_, at) => `"k${at}":0`);
    const node = read(`{${members.join(',')}}`);
    const taken = processorTime(() => {
      for (let at = 0; at < 200; at += 1) checkedMember(node, `Key${at}`);
    });
    expect(taken).toBeLessThan(2000);
  });
});
