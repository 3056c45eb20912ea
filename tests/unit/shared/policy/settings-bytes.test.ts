import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsBytes } from '../../../../shared/policy/settings-bytes.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function prepared(file: Uint8Array | string) {
  const result = settingsBytes(typeof file === 'string' ? encode(file) : file);
  if (!result.ok) {
    throw new Error(result.problem);
  }
  return { ...result, text: new TextDecoder().decode(result.bytes) };
}

describe('settingsBytes', () => {
  it.each([
    [String.raw`["container\*"]`, '["container*"]', [11]],
    [String.raw`["container\\*"]`, '["container*"]', [11]],
    [String.raw`["\*", "\\*"]`, '["*", "*"]', [2, 7]],
    [String.raw`["a\\\*"]`, String.raw`["a\\*"]`, [5]],
    [String.raw`["a\\\\*"]`, String.raw`["a\\*"]`, [5]],
    [String.raw`["a\"\*"]`, String.raw`["a\"*"]`, [5]],
    [String.raw`["a\\"\*]`, String.raw`["a\\"\*]`, []],
    [String.raw`{\*: "\n*"}`, String.raw`{\*: "\n*"}`, []],
    [String.raw`"open \*`, '"open *', [6]],
    [String.raw`"open \ `, String.raw`"open \ `, []],
    ['"ends with a backslash \\', '"ends with a backslash \\', []],
  ])('reads %s', (file, text, stars) => {
    expect(prepared(file)).toMatchObject({ text, escapedStars: stars });
  });

  it('leaves the file alone that needs nothing', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        fc.pre(!json.includes('\\'));
        expect(prepared(json).text).toBe(json);
      }),
    );
  });

  it('knows the places of the file, whatever was taken away before them', () => {
    const { bytes, place } = prepared('\ufeff{"a": "\\*\\\\*é", "b":\n "\\*", "c": 1}');
    const at = (text: string) => place(new TextDecoder().decode(bytes).indexOf(text) + 1);
    // Offsets are bytes and é takes two of them; what is looked for comes after it.
    expect(at('"b"')).toEqual({ line: 1, column: 17 });
    expect(at('"c"')).toEqual({ line: 2, column: 8 });
    expect(place(0)).toEqual({ line: 1, column: 1 });
  });

  it('maps every kept byte back to itself', () => {
    const piece = fc.constantFrom('\\*', '\\\\*', '\\\\', '"', '*', 'a', '\\"', '\\n');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const file = pieces.join('');
        const { bytes, place } = prepared(file);
        for (const [offset, byte] of bytes.entries()) {
          expect(file.charCodeAt(place(offset).column - 1)).toBe(byte);
        }
      }),
    );
  });

  it.each([
    ['little endian with its mark', [0xff, 0xfe, 0x7b, 0, 0x7d, 0]],
    ['big endian with its mark', [0xfe, 0xff, 0, 0x7b, 0, 0x7d]],
    ['little endian', [0x7b, 0, 0x7d, 0]],
    ['big endian', [0, 0x7b, 0, 0x7d]],
  ])('names UTF-16, %s', (_what, bytes) => {
    expect(settingsBytes(Uint8Array.from(bytes))).toEqual({
      ok: false,
      problem: 'The file is encoded as UTF-16; save it as UTF-8.',
    });
  });

  it.each([
    ['little endian with its mark', [0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]],
    ['big endian with its mark', [0, 0, 0xfe, 0xff, 0, 0, 0, 0x7b]],
    ['little endian', [0x7b, 0, 0, 0, 0x7d, 0, 0, 0]],
    ['big endian', [0, 0, 0, 0x7b, 0, 0, 0, 0x7d]],
  ])('names UTF-32, %s', (_what, bytes) => {
    expect(settingsBytes(Uint8Array.from(bytes))).toEqual({
      ok: false,
      problem: 'The file is encoded as UTF-32; save it as UTF-8.',
    });
  });

  it('does not take NUL bytes for UTF-16', () => {
    expect(settingsBytes(new Uint8Array(16)).ok).toBe(true);
    expect(settingsBytes(encode('{\0}')).ok).toBe(true);
  });
});
