import fc from 'fast-check';
import { type ChunkedScan, createChunkedScanner } from '../../../shared/http/chunked.ts';
import { bytesOf, textOf } from '../../unit/shared/http/latin1-bytes.ts';
import { readWithNode } from '../readers/node-http.ts';
import { same, type Target } from '../target.ts';

/** Scans the bytes in the pieces that the cuts make; `at` of the result counts from the first byte of all. */
export function scanInPieces(bytes: Uint8Array, cuts: readonly number[]): { result: ChunkedScan; data: string } {
  const scanner = createChunkedScanner();
  const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  let data = '';
  let start = 0;
  for (const end of ends) {
    const piece = bytes.subarray(start, end);
    const result = scanner.scan(piece, 0, (from, to) => {
      data += textOf(piece.subarray(from, to));
    });
    if (result.kind === 'end') return { result: { kind: 'end', at: start + result.at }, data };
    if (result.kind === 'refused') return { result, data };
    start = end;
  }
  return { result: { kind: 'more' }, data };
}

const chunk = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 });
const trailers = fc.constantFrom('', 'X-Sum: 1\r\n', 'a:\r\nB:\t caf\xe9\r\n');

/** Well-formed bodies and the data in them. */
export const chunkedBodies = fc.tuple(fc.array(chunk, { maxLength: 5 }), trailers).map(([chunks, trailer]) => ({
  data: chunks.join(''),
  encoded: `${chunks.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join('')}0\r\n${trailer}\r\n`,
}));

const HEAD = 'POST /first HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n';
const NEXT = 'GET /second HTTP/1.1\r\nHost: d\r\n\r\n';

/** A body that ends for us ends for Node at the same byte, and holds the same data; how it is cut makes no difference. */
async function check(input: Uint8Array): Promise<void> {
  const { result, data } = scanInPieces(input, []);
  const byByte = scanInPieces(input, [...input.keys()]);
  same('cut into bytes it is read otherwise', byByte, { result, data });
  if (result.kind !== 'end') return;
  const wire = HEAD + textOf(input.subarray(0, result.at)) + NEXT;
  const read = await readWithNode(bytesOf(wire));
  const [first, second] = read.map(({ target, body }) => ({ target, body }));
  same('Node reads another body', first, { target: '/first', body: data });
  same('Node reads another request after it', second, { target: '/second', body: '' });
}

export const chunkedBody: Target = {
  name: 'chunked-body',
  files: ['shared/http/chunked.ts'],
  words: [
    '\r\n',
    '0\r\n\r\n',
    '0\r\n',
    '3\r\nabc\r\n',
    'a',
    'F',
    ';x=y',
    'X: y\r\n',
    'Content-Length: 5\r\n',
    'host:',
    ' ',
    '+',
    '0x',
    '\n',
  ],
  inputs: chunkedBodies.map(({ encoded }) => bytesOf(encoded)),
  longest: 600,
  mostBlocksPerByte: 60,
  check,
};
