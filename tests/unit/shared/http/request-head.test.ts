import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isFormEncoded,
  MAX_HEAD_BYTES,
  parseRequestHead,
  type RequestHead,
  scanHead,
} from '../../../../shared/http/request-head.ts';
import { parseRequestTarget } from '../../../../shared/http/request-target.ts';
import { HEAD_CORPUS, type HeadCase } from './head-corpus.ts';
import { bytesOf } from './latin1-bytes.ts';

const HEADS = ['GET /_ping HTTP/1.1', 'Host: d'];

function parse(...lines: string[]) {
  return parseRequestHead(bytesOf(`${lines.join('\r\n')}\r\n\r\n`));
}

function accepted(...lines: string[]): RequestHead {
  const parsed = parse(...lines);
  if (parsed.kind === 'refused') throw new Error(parsed.problem);
  return parsed.head;
}

/** What the gate does with a head that comes at once: scan, parse, read the target. */
function verdict({ bytes }: HeadCase): { expect: string; status?: number; by?: string } {
  const all = bytesOf(bytes);
  const scanned = scanHead(all, 0);
  if (scanned.kind === 'incomplete') return { expect: 'incomplete' };
  if (scanned.kind === 'refused') return { expect: 'refused', status: scanned.status, by: 'head' };
  expect(scanned.length).toBe(all.length);
  const parsed = parseRequestHead(all);
  if (parsed.kind === 'refused') return { expect: 'refused', status: parsed.status, by: 'head' };
  const target = parseRequestTarget(parsed.head.target);
  return target.ok ? { expect: 'accepted' } : { expect: 'refused', status: 400, by: 'target' };
}

describe('the corpus of heads', () => {
  it('has different names for its cases', () => {
    expect(new Set(HEAD_CORPUS.map(({ id }) => id)).size).toBe(HEAD_CORPUS.length);
    expect(HEAD_CORPUS.length).toBeGreaterThan(150);
  });

  it.each(HEAD_CORPUS.map((entry) => [entry.id, entry] as const))('%s', (_, entry) => {
    const { expect: expected, status, by } = entry;
    expect(verdict(entry)).toEqual({ expect: expected, ...(status && { status }), ...(by && { by }) });
  });
});

describe('scanHead', () => {
  const whole = bytesOf('GET / HTTP/1.1\r\nHost: d\r\n\r\n');

  /** Feeds the bytes in pieces, each time with all that has come so far, as the gate does. */
  function drip(bytes: Uint8Array, ends: readonly number[]) {
    let from = 0;
    for (const end of [...ends, bytes.length]) {
      const result = scanHead(bytes.subarray(0, end), from);
      if (result.kind !== 'incomplete') return result;
      expect(result.scanned).toBeGreaterThanOrEqual(from);
      from = result.scanned;
    }
    return { kind: 'incomplete', scanned: from };
  }

  it('leaves what follows the head', () => {
    const pipelined = bytesOf(`GET / HTTP/1.1\r\nHost: d\r\n\r\n\0\n\r rest`);
    expect(scanHead(pipelined, 0)).toEqual({ kind: 'complete', length: whole.length });
  });

  it('gives the same result for every split of every head of the corpus', () => {
    const short = HEAD_CORPUS.filter(({ bytes }) => bytes.length < 400);
    fc.assert(
      fc.property(fc.constantFrom(...short), fc.array(fc.nat(400)), ({ bytes }, cuts) => {
        const all = bytesOf(bytes);
        const ends = cuts.filter((cut) => cut <= all.length).sort((a, b) => a - b);
        expect(drip(all, ends)).toEqual(scanHead(all, 0));
      }),
    );
  });

  it('gives the same result for every split of arbitrary bytes', () => {
    const soup = fc.array(fc.constantFrom('\r\n', '\r', '\n', 'a', '\r\n\r\n', '\0', ': '), { maxLength: 12 });
    fc.assert(
      fc.property(soup, fc.array(fc.nat(30)), (pieces, cuts) => {
        const all = bytesOf(pieces.join(''));
        const ends = cuts.filter((cut) => cut <= all.length).sort((a, b) => a - b);
        expect(drip(all, ends)).toEqual(scanHead(all, 0));
      }),
    );
  });

  it('looks at each byte of a drip-fed head at most three times', () => {
    let reads = 0;
    const counting = new Proxy(bytesOf(`GET / HTTP/1.1\r\nX: ${'a\t'.repeat(5000)}\r\n\r\n`), {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
        return Reflect.get(target, key, target);
      },
    });
    let from = 0;
    for (let end = 1; end < counting.length; end += 1) {
      const result = scanHead(cut(counting, end), from);
      if (result.kind !== 'incomplete') throw new Error(result.kind);
      from = result.scanned;
    }
    expect(scanHead(counting, from)).toEqual({ kind: 'complete', length: counting.length });
    expect(reads).toBeGreaterThan(counting.length);
    expect(reads).toBeLessThan(3 * counting.length);
  });

  /** The first bytes of a proxy, which has no subarray of its own. */
  function cut(bytes: Uint8Array, end: number): Uint8Array {
    return new Proxy(bytes, {
      get: (target, key) => (key === 'length' ? end : Reflect.get(target, key, target)),
    });
  }

  it('refuses at once, before the head is complete', () => {
    for (const start of ['GET /\n', 'GET /\0', '\r\n', 'GET /\rx', '\x16\x03']) {
      expect(scanHead(bytesOf(start), 0)).toMatchObject({ kind: 'refused', status: 400 });
    }
  });

  it.each([
    ['\x16\x03', 'looks like TLS'],
    ['G\x16', 'the control byte 0x16'],
    ['\x00', 'the control byte 0x00'],
    ['G\n', 'a line feed without a carriage return'],
    ['G\rX', 'a carriage return without a line feed'],
    ['\r\n', 'an empty line before the head'],
  ])('says what was wrong with %j', (start, words) => {
    expect(scanHead(bytesOf(start), 0)).toMatchObject({ problem: expect.stringContaining(words) });
  });

  it('takes a head of exactly the limit and none of a byte more', () => {
    const start = 'GET / HTTP/1.1\r\nX: ';
    const padded = (length: number) => bytesOf(`${start}${'a'.repeat(length - start.length - 4)}\r\n\r\n`);
    expect(scanHead(padded(MAX_HEAD_BYTES), 0)).toEqual({ kind: 'complete', length: MAX_HEAD_BYTES });
    for (const length of [1, 2, 3, 4]) {
      const long = padded(MAX_HEAD_BYTES + length);
      expect(scanHead(long, 0)).toMatchObject({ kind: 'refused', status: 431 });
      expect(drip(long, [MAX_HEAD_BYTES - 1, MAX_HEAD_BYTES])).toEqual(scanHead(long, 0));
    }
  });
});

describe('parseRequestHead', () => {
  it('reads everything that the gate needs', () => {
    const head = accepted(
      'POST /v1.43/x?y HTTP/1.1',
      'Host: \tlocalhost ',
      'X-Note: caf\xe9',
      'Content-Type: application/json',
      'Content-Length: 0012',
      'Expect: 100-Continue',
      'Connection: Upgrade, CLOSE',
      'Upgrade: tcp',
    );
    expect(head).toEqual({
      method: 'POST',
      target: '/v1.43/x?y',
      fields: expect.arrayContaining([
        { name: 'Host', lower: 'host', value: 'localhost' },
        { name: 'X-Note', lower: 'x-note', value: 'caf\xe9' },
      ]),
      framing: { kind: 'length', length: 12 },
      expectsContinue: true,
      closes: true,
      upgrade: 'tcp',
      contentType: 'application/json',
    });
    expect(head.fields.map(({ name }) => name)).toEqual([
      'Host',
      'X-Note',
      'Content-Type',
      'Content-Length',
      'Expect',
      'Connection',
      'Upgrade',
    ]);
  });

  it('reads a bare head and a chunked one', () => {
    expect(accepted(...HEADS)).toMatchObject({
      framing: { kind: 'none' },
      expectsContinue: false,
      closes: false,
      upgrade: undefined,
      contentType: undefined,
    });
    expect(accepted(...HEADS, 'Transfer-Encoding: Chunked').framing).toEqual({ kind: 'chunked' });
  });

  it('keeps the bytes of long values as they are', () => {
    const value = Array.from({ length: 20_000 }, (_, at) => String.fromCharCode(0x80 + (at % 128))).join('');
    expect(accepted(...HEADS, `X-Long: ${value}`).fields[1]?.value).toBe(value);
  });

  it('says in its messages what was wrong, in one short printable line', () => {
    const problems = [
      parse('GET / HTTP/1.0', 'Host: d'),
      parse('PRI * HTTP/2.0'),
      parse('GET / HTTP/2.0', 'Host: d'),
      parse('PRI * HTTP/1.0'),
      parse(...HEADS, `Content-Length: ${'\xe9'.repeat(5000)}`),
      parse(...HEADS, `Expect: ${'x'.repeat(5000)}`),
      parse(`GET ${'x'.repeat(5000)} HTTP/1.1`),
      parse(...HEADS, `${'X'.repeat(5000)} : b`),
    ].map((result) => (result.kind === 'refused' ? result.problem : ''));
    expect(problems[0]).toContain('HTTP/1.0 is not relayed');
    expect(problems[1]).toContain('HTTP/2 with prior knowledge is not relayed');
    expect(problems[2]).toContain('HTTP/2.0 is not relayed');
    expect(problems[3]).toContain('HTTP/1.0 is not relayed');
    expect(problems[4]).toContain(`Content-Length "${'\\xe9'.repeat(60)}…" is not`);
    expect(problems[5]).toContain(`Expect "${'x'.repeat(60)}…" is not`);
    for (const problem of problems) expect(problem).toMatch(/^[ -~…]{20,400}$/);
  });

  it.each([
    ['nothing', ''],
    ['no empty line', 'GET / HTTP/1.1\r\nHost: d\r\n'],
    ['something after the empty line', 'GET / HTTP/1.1\r\nHost: d\r\n\r\nX: y\r\n\r\n'],
    ['a line feed alone at the end', 'GET / HTTP/1.1\r\nHost: d\r\n\r'],
    ['a control byte in a value', 'GET / HTTP/1.1\r\nHost: d\r\nX: \0\r\n\r\n'],
    ['a bare carriage return', 'GET / HTTP/1.1\r\nHost: d\r\nX: y\rz\r\n\r\n'],
    ['a bare line feed', 'GET / HTTP/1.1\r\nHost: d\nX: y\r\n\r\n'],
    ['another byte for the carriage return of the request line', 'GET / HTTP/1.1 \nHost: d\r\n\r\n'],
    ['another byte for the line feed of the request line', 'GET / HTTP/1.1\rXHost: d\r\n\r\n'],
    ['a bare carriage return in the request line', 'GET / HTTP/1.1\rHost: d\r\n\r\n'],
  ])('refuses %s even without scanHead before it', (_, text) => {
    expect(parseRequestHead(bytesOf(text))).toMatchObject({ kind: 'refused', status: 400 });
  });

  it('never throws, and accepts nothing that has no Host', () => {
    const line = fc.constantFrom(...HEADS, 'Host: e', 'X: y', ' z', ':', 'Content-Length: 1', '', '\0', 'A:\xff');
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 6 }),
        fc.string({ unit: 'binary-ascii', maxLength: 5 }),
        (lines, noise) => {
          const text = `${lines.join('\r\n')}${noise}\r\n\r\n`;
          const parsed = parseRequestHead(bytesOf(text));
          if (parsed.kind === 'head')
            expect(parsed.head.fields.filter(({ lower }) => lower === 'host')).toHaveLength(1);
        },
      ),
    );
  });
});

describe('isFormEncoded', () => {
  it.each([
    'application/x-www-form-urlencoded',
    'APPLICATION/X-WWW-Form-URLEncoded',
    ' application/x-www-form-urlencoded\t; charset=utf-8',
    'application/x-www-form-urlencoded;;;broken',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
  ])('knows %j', (contentType) => {
    expect(isFormEncoded(contentType)).toBe(true);
  });

  it.each([undefined, '', 'application/json', 'text/plain; a=multipart/form-data', 'application/x-tar'])(
    'is not misled by %j',
    (contentType) => {
      expect(isFormEncoded(contentType)).toBe(false);
    },
  );
});
