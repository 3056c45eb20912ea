import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remakeRequestHead } from '../../../../shared/http/remake-head.ts';
import { type HeaderField, parseRequestHead, type RequestHead } from '../../../../shared/http/request-head.ts';
import { HEAD_CORPUS } from './head-corpus.ts';
import { bytesOf, textOf } from './latin1-bytes.ts';

function field(name: string, value: string): HeaderField {
  return { name, lower: name.toLowerCase(), value };
}

const PLAIN = {
  method: 'GET',
  target: '/_ping',
  fields: [field('Host', 'd')],
  framing: { kind: 'none' },
  keepExpect: false,
} as const;

function parsed(bytes: Uint8Array): RequestHead {
  const result = parseRequestHead(bytes);
  if (result.kind === 'refused') throw new Error(result.problem);
  return result.head;
}

describe('remakeRequestHead', () => {
  it('keeps end-to-end fields, their order, their spelling and their bytes', () => {
    const fields = [
      field('X-B', 'caf\xe9'),
      field('hOST', 'd'),
      field('Accept', ''),
      field('X-A', '1'),
      field('X-A', '2'),
    ];
    expect(textOf(remakeRequestHead({ ...PLAIN, fields }))).toBe(
      'GET /_ping HTTP/1.1\r\nX-B: caf\xe9\r\nhOST: d\r\nAccept: \r\nX-A: 1\r\nX-A: 2\r\n\r\n',
    );
  });

  it.each([
    'Connection',
    'Keep-Alive',
    'Proxy-Authorization',
    'Proxy-Connection',
    'TE',
    'Upgrade',
    'HTTP2-Settings',
    'Transfer-Encoding',
    'Content-Length',
    'Expect',
  ])('drops %s in any case', (name) => {
    for (const spelling of [name, name.toUpperCase(), name.toLowerCase()]) {
      const fields = [...PLAIN.fields, field(spelling, 'x')];
      expect(textOf(remakeRequestHead({ ...PLAIN, fields }))).toBe('GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n');
    }
  });

  it('drops what Connection names, but not what the message needs', () => {
    const fields = [
      field('Host', 'd'),
      field('connection', 'close, X-Hop'),
      field('x-hop', '1'),
      field('Content-Type', 'text/plain'),
      field('Connection', 'host,content-type , X-OTHER'),
      field('X-Other', '2'),
      field('X-Stays', '3'),
      field('Trailer', 'X-Sum'),
    ];
    expect(textOf(remakeRequestHead({ ...PLAIN, fields }))).toBe(
      'GET /_ping HTTP/1.1\r\nHost: d\r\nContent-Type: text/plain\r\nX-Stays: 3\r\nTrailer: X-Sum\r\n\r\n',
    );
  });

  it('adds framing, upgrade and expectation as told', () => {
    const fields = [
      ...PLAIN.fields,
      field('Upgrade', 'websocket'),
      field('Expect', '100-continue'),
      field('Content-Length', '9'),
    ];
    const made = (more: object) => textOf(remakeRequestHead({ ...PLAIN, fields, ...more }));
    expect(made({ framing: { kind: 'length', length: 5 } })).toContain('\r\nContent-Length: 5\r\n\r\n');
    expect(made({ framing: { kind: 'length', length: 0 } })).toContain('\r\nContent-Length: 0\r\n\r\n');
    expect(made({ framing: { kind: 'chunked' } })).toContain('\r\nTransfer-Encoding: chunked\r\n\r\n');
    expect(made({ upgrade: 'tcp' })).toMatch(/Host: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n$/);
    expect(made({ closes: true })).toMatch(/Host: d\r\nConnection: close\r\n\r\n$/);
    expect(made({ closes: true, upgrade: 'tcp' })).not.toContain('close');
    expect(made({ closes: false })).not.toContain('Connection');
    expect(made({ keepExpect: true })).toContain('\r\nExpect: 100-continue\r\n');
    expect(made({})).toBe('GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n');
  });

  it.each([
    { method: 'GET /x' },
    { method: '' },
    { target: '/a b' },
    { target: '/a\r\nX: y' },
    { target: '' },
    { upgrade: 'tcp\r\nX: y' },
    { upgrade: '\u0161' },
    { fields: [field('X\r\nY', 'z')] },
    { fields: [field('X: y\r\nZ', 'z')] },
    { fields: [field('X', 'y\r\nZ: z')] },
    { fields: [field('X', 'y\0')] },
    { fields: [field('X', '\u0161')] },
  ])('throws rather than to break the head with %j', (more) => {
    expect(() => remakeRequestHead({ ...PLAIN, ...more })).toThrow();
  });

  it('is read back as the same request for every accepted head of the corpus', () => {
    const accepted = HEAD_CORPUS.filter((entry) => entry.expect === 'accepted' || entry.by === 'target');
    fc.assert(
      fc.property(fc.constantFrom(...accepted), fc.boolean(), ({ bytes }, hijacks) => {
        const head = parsed(bytesOf(bytes));
        const upgrade = hijacks ? head.upgrade : undefined;
        const made = remakeRequestHead({ ...head, upgrade, keepExpect: true });
        const again = parsed(made);
        const { method, target, framing, contentType, expectsContinue } = head;
        const closes = head.closes && upgrade === undefined;
        expect(again).toMatchObject({ method, target, framing, contentType, expectsContinue, upgrade, closes });
        expect(remakeRequestHead({ ...again, keepExpect: true })).toEqual(made);
      }),
    );
  });
});
