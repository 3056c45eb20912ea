import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, lineAndColumn, readJson, toValue } from '../../../../shared/json/read-json.ts';
import { checkJson } from '../../../fuzz/targets/json.ts';
import { processorTime } from '../../processor-time.ts';

const utf8 = new TextEncoder();

function read(text: string, limits?: { depth?: number; values?: number }): JsonNode {
  const result = readJson(utf8.encode(text), limits);
  if (!result.ok) throw new Error(`${result.problem} at ${result.offset}`);
  return result.node;
}

function refused(input: string | Uint8Array, limits?: { depth?: number; values?: number }) {
  const result = readJson(typeof input === 'string' ? utf8.encode(input) : input, limits);
  if (result.ok) throw new Error('the document was accepted');
  return result;
}

/** The same text with white space put between its tokens, as the numbers say. */
function spaced(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent).replaceAll('\n', indent === 1 ? ' \r\n\t' : '\n');
}

describe('readJson', () => {
  it('agrees with JSON.parse on every valid document', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium', stringUnit: 'binary' }), fc.nat(3), (value, indent) => {
        const text = spaced(value, indent);
        expect(JSON.stringify(toValue(read(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('agrees with JSON.parse on whether a mangled document is valid', () => {
    const seeds = ['{"a":[1,2.5e3,-0],"b":{"c":null}}', '["\\u00e9\\n",true,false]', ' [ ] ', '{}', '"\\ud83d\\ude00"'];
    const bits = fc.constantFrom(
      '',
      ',',
      ':',
      '"',
      '[',
      ']',
      '{',
      '}',
      '0',
      '1',
      '-',
      '.',
      'e',
      't',
      'null',
      '\\',
      '\n',
      ' ',
      '/',
      'é',
    );
    let valid = 0;
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.nat(40), fc.nat(2), bits, (seed, at, cut, bit) => {
        const text = seed.slice(0, at) + bit + seed.slice(at + cut);
        checkJson(utf8.encode(text));
        if (readJson(utf8.encode(text)).ok) valid += 1;
      }),
      { numRuns: 5000 },
    );
    expect(valid).toBeGreaterThan(100);
  });

  it.each(['', 'é'])('reads a long document as it does a short one, with %j in it', (more) => {
    const long = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`key ${at}`, [`value ${at}${more}`, at]]));
    const text = JSON.stringify(long);
    expect(JSON.stringify(toValue(read(text)))).toBe(text);
  });

  it('gives byte offsets of every value and key', () => {
    const text = ' {"é" : [ "ab", 12 ,null], "x":true }\n';
    const bytes = utf8.encode(text);
    const cut = (start: number, end: number) => new TextDecoder().decode(bytes.subarray(start, end));
    const root = read(text);
    if (root.kind !== 'object') throw new Error(root.kind);
    expect(cut(root.start, root.end)).toBe(text.trim());
    expect(root.members.map(({ keyStart, keyEnd }) => cut(keyStart, keyEnd))).toEqual(['"é"', '"x"']);
    expect(root.members.map(({ value }) => cut(value.start, value.end))).toEqual(['[ "ab", 12 ,null]', 'true']);
    const list = root.members[0]?.value;
    if (list?.kind !== 'array') throw new Error('no array');
    expect(list.items.map(({ start, end }) => cut(start, end))).toEqual(['"ab"', '12', 'null']);
  });

  it('keeps numbers as they are written', () => {
    expect(read('9223372036854775807')).toEqual({ kind: 'number', start: 0, end: 19, text: '9223372036854775807' });
    expect(read('-0.10E+05')).toMatchObject({ text: '-0.10E+05' });
  });

  it('decodes every escape', () => {
    expect(read('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\uD83d\\uDE00\\u0000é€😀\u007f"')).toMatchObject({
      value: '"\\/\b\f\n\r\tAé€😀\0é€😀\u007f',
    });
    expect(read('"\ufeffa"')).toMatchObject({ value: '\ufeffa' });
    expect(read('"\\ufeffa"')).toMatchObject({ value: '\ufeffa' });
  });

  it.each([
    ['', 0, 'empty'],
    [' \n ', 0, 'empty'],
    ['{"a":1,"a":2}', 7, '"a" comes twice'],
    ['{"a":1,"\\u0061":2}', 7, '"a" comes twice'],
    ['[{"b":{"a":1,"a":{}}}]', 13, '"a" comes twice'],
    ['{"__proto__":1,"__proto__":2}', 15, 'comes twice'],
    ['{} {}', 3, 'the end of the document'],
    ['1 2', 2, 'there is 2 where the end'],
    ['{}\0', 2, 'the byte 0x00'],
    ['\ufeff{}', 0, 'byte order mark'],
    ['\ufec0{}', 0, 'the byte 0xef'],
    ['\uf87f{}', 0, 'the byte 0xef'],
    [' \ufeff{}', 1, 'the byte 0xef'],
    ['"a\nb"', 2, 'raw control character'],
    ['"a\tb"', 2, 'raw control character'],
    ['"\\\u0001"', 1, 'escapes nothing'],
    ['"\\ud800"', 1, 'surrogate'],
    ['"a\\udc00"', 2, 'surrogate'],
    ['"\\ud800\\ud800"', 1, 'surrogate'],
    ['"\\ud800x\\udc00"', 1, 'surrogate'],
    ['"\\udc00\\ud800"', 1, 'surrogate'],
    ['"\\ud800\\u00e9"', 1, 'surrogate'],
    ['{"\\ud800":1}', 2, 'surrogate'],
    ['"\\x41"', 1, 'escapes nothing'],
    ['"\\u12g4"', 1, 'four hexadecimal digits'],
    ['"\\u12"34', 1, 'four hexadecimal digits'],
    ['"abc', 0, 'no closing quote'],
    ['"abc\\"', 0, 'no closing quote'],
    ['"abc\\', 0, 'no closing quote'],
    ['NaN', 0, 'there is NaN where a JSON value'],
    ['[Infinity]', 1, 'Infinity'],
    ['-Infinity', 0, '-Infinity is not a JSON number'],
    ['undefined', 0, 'undefined'],
    ['True', 0, 'True'],
    ['nullx', 0, 'nullx'],
    ['tru', 0, 'tru'],
    ['01', 0, 'leading zeros'],
    ['-01', 0, 'leading zeros'],
    ['00', 0, 'leading zeros'],
    ['1.', 0, 'no digit after its decimal point'],
    ['1.e5', 0, 'no digit after its decimal point'],
    ['.5', 0, '.5'],
    ['+1', 0, '+1'],
    ['-', 0, 'not a JSON number'],
    ['1e', 0, 'exponent'],
    ['1e+', 0, 'exponent'],
    ['0x10', 1, 'x10'],
    ['1_000', 1, '_000'],
    [`1${'0'.repeat(1000)}`, 0, 'longer than 1000 characters'],
    ['// x\n{}', 0, 'comments are not JSON: remove it'],
    ['{} // x', 3, 'comments are not JSON: remove it'],
    ['{"a":1 /* x */}', 7, 'comments are not JSON: remove it'],
    ['{"a": /* x */ 1}', 6, 'comments are not JSON: remove it'],
    ['{\n# x\n"a":1}', 2, 'comments are not JSON: remove it'],
    ['[1,]', 2, 'trailing comma'],
    ['[1 , ]', 3, 'trailing comma'],
    ['{"a":1,}', 6, 'trailing comma'],
    ['[,1]', 1, 'a comma where a JSON value'],
    ['[1,,2]', 3, 'a comma where a JSON value'],
    ['{,}', 1, 'a comma where a key'],
    ["{'a':1}", 1, 'double quotes'],
    ["['a']", 1, 'double quotes'],
    ['{a:1}', 1, 'there is a where a key in double quotes'],
    ['{1:1}', 1, 'key'],
    ['{"a"}', 4, 'a colon after the key'],
    ['{"a" 1}', 5, 'a colon after the key'],
    ['{"a":}', 5, 'a JSON value'],
    ['[1 2]', 3, 'a comma or the end of the array'],
    ['{"a":1 "b":2}', 7, 'a comma or the end of the object'],
    ['[1}', 2, 'a comma or the end of the array'],
    ['{"a":1]', 6, 'a comma or the end of the object'],
    [']', 0, '"]"'],
    ['[', 1, 'the document ends'],
    ['{"a":', 5, 'the document ends'],
    ['[1', 2, 'the document ends'],
    ['[1,', 3, 'the document ends'],
    ['{"a":1,', 7, 'the document ends'],
    ['\u00a0[]', 0, 'the byte 0xc2'],
    ['\u000b[]', 0, 'the byte 0x0b'],
  ])('refuses %j at %i', (text, offset, words) => {
    expect(refused(text)).toEqual({ ok: false, offset, problem: expect.stringContaining(words) });
  });

  it('quotes only the start of a long word', () => {
    expect(refused(`[${'x'.repeat(5000)}]`).problem).toBe(`there is ${'x'.repeat(30)} where a JSON value is expected`);
  });

  it('quotes a key in one short line that shows what is there', () => {
    const key = `\u202e\u2028\n\x9b${'x'.repeat(5000)}`;
    const text = JSON.stringify({ [key]: 1 }).replace('}', `,${JSON.stringify(key)}:2}`);
    expect(refused(text).problem).toMatch(/^the key "\\u202e\\u2028\\n\\u009bx{50,60}…" comes twice/);
  });

  it.each([
    ['a stray continuation byte', [0x22, 0x80, 0x22], 1],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22], 1],
    ['an overlong form of three bytes', [0x22, 0xe0, 0x9f, 0xbf, 0x22], 1],
    ['an overlong form of four bytes', [0x22, 0xf0, 0x8f, 0xbf, 0xbf, 0x22], 1],
    ['an encoded surrogate', [0x22, 0x61, 0xed, 0xa0, 0x80, 0x22], 2],
    ['a code point beyond Unicode', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 1],
    ['a byte that leads nothing', [0x22, 0xf8, 0x88, 0x80, 0x80, 0x22], 1],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22], 1],
    ['a sequence cut by the end', [0x22, 0x22, 0xc3], 2],
    ['a bad last byte', [0x22, 0xf0, 0x9f, 0x98, 0x22, 0x22], 1],
  ])('refuses %s', (_, bytes, offset) => {
    expect(refused(Uint8Array.from(bytes))).toEqual({
      ok: false,
      offset,
      problem: expect.stringContaining('valid UTF-8'),
    });
  });

  it('takes exactly the UTF-8 that TextDecoder takes', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const byte = fc.constantFrom(
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xec,
      0xed,
      0xef,
      0xf0,
      0xf3,
      0xf4,
      0xf5,
      0xff,
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 6 }), (content) => {
        let valid = true;
        try {
          decoder.decode(Uint8Array.from(content));
        } catch {
          valid = false;
        }
        expect(readJson(Uint8Array.from([0x22, ...content, 0x22])).ok).toBe(valid);
      }),
      { numRuns: 5000 },
    );
  });

  it('takes the depth that is allowed and not one more', () => {
    const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
    expect(readJson(utf8.encode(nested(200))).ok).toBe(true);
    expect(refused(nested(202)).problem).toContain('nested more than 200 deep');
    expect(read('[[1]]', { depth: 2 }).kind).toBe('array');
    expect(refused('[[[]]]', { depth: 2 })).toMatchObject({ offset: 2 });
  });

  it('does not recurse: depth is a matter of the limit alone', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(refused(text).offset).toBe(200);
    const node = read(text, { depth: 100_000 });
    let depth = 0;
    for (let value = toValue(node); Array.isArray(value); value = value[0]) depth += 1;
    expect(depth).toBe(100_000);
  });

  it('limits the number of values', () => {
    expect(read('[1,2,3]', { values: 4 }).kind).toBe('array');
    expect(refused('[1,2,3]', { values: 3 }).problem).toContain('more than 3 values');
    expect(refused(`[${'0,'.repeat(1 << 20)}0]`).problem).toContain('more than 500000 values');
  });

  it.each([
    ['one string of escapes', `"${'\\u00e9\\n'.repeat(1 << 19)}"`],
    ['many keys', `{${Array.from({ length: 200_000 }, (_, at) => `"k${at}":0`).join(',')}}`],
    ['backslashes', `"${'\\\\'.repeat(1 << 21)}"`],
    ['unclosed strings', `[${'"'.repeat(1 << 22)}`],
    ['white space', ' '.repeat(1 << 22)],
  ])('is quick with 4 MiB of %s', (_, text) => {
    const bytes = utf8.encode(text);
    expect(processorTime(() => readJson(bytes))).toBeLessThan(3000);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const result = readJson(bytes);
        if (!result.ok) expect(result.offset).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('toValue', () => {
  it('makes __proto__ a key like any other', () => {
    const value = toValue(read('{"__proto__":{"x":1},"constructor":2,"a":[{}]}')) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'a']);
    expect(value.x).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.getPrototypeOf((value.a as object[])[0])).toBeNull();
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('lineAndColumn', () => {
  const bytes = utf8.encode('{\n "é": 1,\r\n "😀" x');

  it.each([
    [0, 1, 1],
    [1, 1, 2],
    [2, 2, 1],
    [4, 2, 3],
    [6, 2, 4],
    [bytes.length - 1, 3, 6],
    [bytes.length, 3, 7],
    [bytes.length + 9, 3, 7],
  ])('of offset %i', (offset, line, column) => {
    expect(lineAndColumn(bytes, offset)).toEqual({ line, column });
  });
});
