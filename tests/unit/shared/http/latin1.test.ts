import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, latin1Parts, toLatin1 } from '../../../../shared/http/latin1.ts';
import { bytesOf, textOf } from './latin1-bytes.ts';

describe('Latin-1', () => {
  it('maps every byte to the character of its number and back, at any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 40), (bytes, times) => {
        const long = Uint8Array.from({ length: bytes.length * times }, (_, at) => bytes[at % bytes.length] ?? 0);
        expect(fromLatin1(long)).toBe(textOf(long));
        expect(toLatin1(textOf(long))).toEqual(long);
      }),
    );
  });

  it('has no byte for other characters', () => {
    expect(() => toLatin1('a\u0100')).toThrow(RangeError);
  });

  it.each([100, 10_000])('cuts parts of %i bytes', (length) => {
    const bytes = bytesOf('caf\xe9'.repeat(length / 4));
    expect(latin1Parts(bytes)(2, 7)).toBe('f\xe9caf');
  });
});
