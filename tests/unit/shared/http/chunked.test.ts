import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChunkedScan, createChunkedScanner, MAX_TRAILER_BYTES } from '../../../../shared/http/chunked.ts';
import { chunkedBodies, scanInPieces } from '../../../fuzz/targets/chunked-body.ts';
import { bytesOf } from './latin1-bytes.ts';

function scan(text: string): ChunkedScan {
  return scanInPieces(bytesOf(text), []).result;
}

describe('createChunkedScanner', () => {
  it('finds end and data of every body under every split', () => {
    fc.assert(
      fc.property(
        chunkedBodies,
        fc.array(fc.nat(200)),
        fc.constantFrom('', 'GET / HTTP/1.1\r\n'),
        ({ data, encoded }, cuts, next) => {
          const found = scanInPieces(bytesOf(encoded + next), cuts);
          expect(found).toEqual({ result: { kind: 'end', at: encoded.length }, data });
        },
      ),
    );
  });

  it('wants more until the last byte is there', () => {
    const encoded = '3\r\nabc\r\n0\r\nX: y\r\n\r\n';
    for (let end = 0; end < encoded.length; end += 1) expect(scan(encoded.slice(0, end))).toEqual({ kind: 'more' });
    expect(scan(encoded)).toEqual({ kind: 'end', at: encoded.length });
  });

  it('starts at the index that it is given, and says the end again when asked again', () => {
    const scanner = createChunkedScanner();
    const bytes = bytesOf('head0\r\n\r\nrest');
    expect(scanner.scan(bytes, 4)).toEqual({ kind: 'end', at: 9 });
    expect(scanner.scan(bytes, 9)).toEqual({ kind: 'end', at: 9 });
  });

  it.each([
    ['upper and lower case', 'A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n'],
    ['leading zeros', '0003\r\nabc\r\n000\r\n\r\n'],
    ['CR LF inside the data', '4\r\n\r\n\r\n\r\n0\r\n\r\n'],
  ])('takes %s', (_, text) => {
    expect(scan(text)).toEqual({ kind: 'end', at: text.length });
  });

  it.each([
    ['no size', '\r\n'],
    ['a sign', '+3\r\nabc\r\n'],
    ['a minus sign', '-1\r\n'],
    ['a prefix', '0x3\r\nabc\r\n'],
    ['a digit that is none', 'g\r\n'],
    ['white space before the size', ' 3\r\nabc\r\n'],
    ['white space after the size', '3 \r\nabc\r\n'],
    ['an extension', '3;a=b\r\nabc\r\n'],
    ['an extension after the last size', '0;a\r\n\r\n'],
    ['a bare line feed after the size', '3\nabc\r\n'],
    ['a bare carriage return after the size', '3\rabc\r\n'],
    ['an extension of one byte', '3;\nabc\r\n0\r\n\r\n'],
    ['another byte for the line feed after the size', '3\rXabc\r\n0\r\n\r\n'],
    ['another byte for the carriage return after the data', '3\r\nabcX\n0\r\n\r\n'],
    ['another byte for the line feed after the data', '3\r\nabc\rX0\r\n\r\n'],
    ['another byte for the line feed after a trailer', '0\r\nX: y\rXZ: z\r\n\r\n'],
    ['data longer than its size', '3\r\nabcd\r\n'],
    ['data shorter than its size', '5\r\nabc\r\n0\r\n\r\n'],
    ['a bare line feed after the data', '3\r\nabc\n0\r\n\r\n'],
    ['a bare carriage return after the data', '3\r\nabc\r0\r\n\r\n'],
    ['an empty line before the size', '\r\n0\r\n\r\n'],
    ['a size of 16 digits', '0000000000000003\r\n'],
    ['a size beyond exact numbers', '20000000000000\r\n'],
    ['a bare line feed at the end', '0\r\n\n'],
    ['a bare carriage return at the end', '0\r\n\rX'],
    ['a trailer without a colon', '0\r\nX\r\n\r\n'],
    ['a trailer without a name', '0\r\n: y\r\n\r\n'],
    ['a folded trailer', '0\r\nX: y\r\n z\r\n\r\n'],
    ['white space before a colon', '0\r\nX : y\r\n\r\n'],
    ['a control byte in a trailer', '0\r\nX: \0\r\n\r\n'],
    ['a bare line feed in a trailer', '0\r\nX: y\nZ: z\r\n\r\n'],
    ['a bare carriage return in a trailer', '0\r\nX: y\rZ: z\r\n\r\n'],
    ['a length in the trailers', '0\r\nContent-Length: 3\r\n\r\n'],
    ['a coding in the trailers', '0\r\nX: y\r\nTRANSFER-ENCODING: chunked\r\n\r\n'],
    ['a host in the trailers', '0\r\nhost: x\r\n\r\n'],
    ['a proxy field in the trailers', '0\r\nProxy-Authorization: x\r\n\r\n'],
  ])('refuses %s, however it is split, and for good', (_, text) => {
    const bytes = bytesOf(text);
    const { result } = scanInPieces(bytes, []);
    expect(result).toMatchObject({ kind: 'refused', problem: expect.stringMatching(/^[ -~]{20,120}$/) });
    expect(scanInPieces(bytes, [...bytes.keys()]).result).toEqual(result);
    const scanner = createChunkedScanner();
    scanner.scan(bytes, 0);
    expect(scanner.scan(bytesOf('0\r\n\r\n'), 0)).toEqual(result);
  });

  it('takes names that only begin like forbidden ones', () => {
    const text = `0\r\nHost-Sum: 1\r\nContent-Lengths: 2\r\nTransfer-Encoding${'x'.repeat(50)}: 3\r\n\r\n`;
    expect(scan(text)).toEqual({ kind: 'end', at: text.length });
  });

  it('limits the trailers, all of them together', () => {
    const trailer = (length: number) => `X: ${'a'.repeat(length - 7)}\r\n\r\n`;
    expect(scan(`0\r\n${trailer(MAX_TRAILER_BYTES)}`).kind).toBe('end');
    expect(scan(`0\r\n${trailer(MAX_TRAILER_BYTES + 1)}`)).toMatchObject({ kind: 'refused' });
    expect(scan(`0\r\n${'a:\r\n'.repeat(MAX_TRAILER_BYTES / 4 + 1)}`)).toMatchObject({ kind: 'refused' });
    expect(scan(`0\r\n${'a'.repeat(MAX_TRAILER_BYTES + 1)}`)).toMatchObject({ kind: 'refused' });
  });

  it('does not look at chunk data', () => {
    const size = 8 << 20;
    const text = bytesOf(`${size.toString(16)}\r\n`);
    const bytes = new Uint8Array(text.length + size);
    bytes.set(text);
    let reads = 0;
    const counting = new Proxy(bytes, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
        return Reflect.get(target, key, target);
      },
    });
    const spans: number[][] = [];
    expect(createChunkedScanner().scan(counting, 0, (start, end) => spans.push([start, end]))).toEqual({
      kind: 'more',
    });
    expect(spans).toEqual([[text.length, bytes.length]]);
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThan(20);
  });

  it('never throws on noise', () => {
    const noise = fc.array(fc.constantFrom('0', '3', 'a', '\r\n', '\r', '\n', ':', ' ', '\0', '\xff'), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(noise, fc.array(fc.nat(20)), (pieces, cuts) => {
        const bytes = bytesOf(pieces.join(''));
        expect(scanInPieces(bytes, cuts).result).toEqual(scanInPieces(bytes, []).result);
      }),
    );
  });
});
