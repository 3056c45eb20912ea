import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResponseHead, type ResponseHead, responseFraming } from '../../../../shared/http/response-head.ts';
import { bytesOf } from './latin1-bytes.ts';

function parse(...lines: string[]) {
  return parseResponseHead(bytesOf(`${lines.join('\r\n')}\r\n\r\n`));
}

function read(...lines: string[]): ResponseHead {
  const parsed = parse(...lines);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.head;
}

describe('parseResponseHead', () => {
  it('reads what the engine sends', () => {
    expect(read('HTTP/1.1 200 OK', 'Api-Version: 1.41', 'Content-Type: application/json', 'Content-Length: 2')).toEqual(
      {
        status: 200,
        reason: 'OK',
        fields: [
          { name: 'Api-Version', lower: 'api-version', value: '1.41' },
          { name: 'Content-Type', lower: 'content-type', value: 'application/json' },
          { name: 'Content-Length', lower: 'content-length', value: '2' },
        ],
        declared: { kind: 'length', length: 2 },
        closes: false,
        upgrade: undefined,
        contentType: 'application/json',
      },
    );
  });

  it('reads the answers to a hijack', () => {
    const upgraded = read(
      'HTTP/1.1 101 UPGRADED',
      'Content-Type: application/vnd.docker.raw-stream',
      'Connection: Upgrade',
      'Upgrade: tcp',
    );
    expect(upgraded).toMatchObject({ status: 101, reason: 'UPGRADED', upgrade: 'tcp', closes: false });
    expect(responseFraming(upgraded, 'POST')).toEqual({ kind: 'none' });
    const raw = read('HTTP/1.1 200 OK', 'Content-Type: application/vnd.docker.raw-stream');
    expect(responseFraming(raw, 'POST')).toEqual({ kind: 'until-close' });
  });

  it.each([
    ['HTTP/1.1 404 Not Found', 'Not Found'],
    ['HTTP/1.1 200 ', ''],
    ['HTTP/1.1 200', ''],
    ['HTTP/1.1 299 status code 299', 'status code 299'],
    ['HTTP/1.1 500 caf\xe9\t!', 'caf\xe9\t!'],
  ])('reads the reason of %j', (line, reason) => {
    expect(read(line).reason).toBe(reason);
  });

  it.each([
    ['another version', 'HTTP/1.0 200 OK'],
    ['HTTP/2', 'HTTP/2.0 200 OK'],
    ['no status', 'HTTP/1.1 OK'],
    ['two digits', 'HTTP/1.1 20 OK'],
    ['an exponent for a status', 'HTTP/1.1 1e2 OK'],
    ['other bytes for the line end', 'HTTP/1.1 200 OK\0XA: b'],
    ['another byte for the carriage return', 'HTTP/1.1 200 OK\0\nA: b'],
    ['another byte for the line feed', 'HTTP/1.1 200 OK\rXA: b'],
    ['four digits', 'HTTP/1.1 2000 OK'],
    ['a status below 100', 'HTTP/1.1 099 OK'],
    ['two spaces', 'HTTP/1.1  200 OK'],
    ['a control byte', 'HTTP/1.1 200 O\0K'],
    ['an empty line first', '', 'HTTP/1.1 200 OK'],
    ['two lengths', 'HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 2'],
    ['two codings', 'HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    ['length and coding', 'HTTP/1.1 200 OK', 'Content-Length: 2', 'Transfer-Encoding: chunked'],
    ['another coding', 'HTTP/1.1 200 OK', 'Transfer-Encoding: gzip'],
    ['a length that is none', 'HTTP/1.1 200 OK', 'Content-Length: -1'],
    ['a folded field', 'HTTP/1.1 200 OK', 'X: a', ' b'],
    ['a space before the colon', 'HTTP/1.1 200 OK', 'X : a'],
  ])('refuses %s', (_, ...lines) => {
    expect(parse(...lines)).toMatchObject({ ok: false, problem: expect.stringMatching(/./) });
  });

  it('says what was wrong with the status line', () => {
    expect(parse('HTTP/1.0 200 OK')).toMatchObject({
      problem: expect.stringContaining('does not begin with "HTTP/1.1 "'),
    });
    expect(parse('HTTP/1.1 20')).toMatchObject({ problem: expect.stringContaining('no status of three digits') });
  });

  it('takes the engine for closing when it says so or says something odd', () => {
    expect(read('HTTP/1.1 200 OK', 'Connection: Close').closes).toBe(true);
    expect(read('HTTP/1.1 200 OK', 'Connection: @').closes).toBe(true);
    expect(read('HTTP/1.1 200 OK', 'Connection: keep-alive').closes).toBe(false);
  });

  it('never throws', () => {
    const piece = fc.constantFrom('HTTP/1.1 ', '200', ' OK', '\r\n', 'X: y', '\0', ' ', 'Content-Length: 1');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        parseResponseHead(bytesOf(pieces.join('')));
      }),
    );
  });
});

describe('responseFraming', () => {
  const chunked = ['Transfer-Encoding: chunked'];
  const length = ['Content-Length: 7'];

  it.each([
    ['HEAD', 200, length, { kind: 'none' }],
    ['HEAD', 200, chunked, { kind: 'none' }],
    ['GET', 100, [], { kind: 'none' }],
    ['GET', 101, length, { kind: 'none' }],
    ['GET', 199, chunked, { kind: 'none' }],
    ['GET', 204, length, { kind: 'none' }],
    ['GET', 304, length, { kind: 'none' }],
    ['GET', 200, length, { kind: 'length', length: 7 }],
    ['POST', 404, chunked, { kind: 'chunked' }],
    ['GET', 200, [], { kind: 'until-close' }],
    ['head', 200, length, { kind: 'length', length: 7 }],
  ] as const)('of the answer to %s with status %i and %j', (method, status, fields, framing) => {
    expect(responseFraming(read(`HTTP/1.1 ${status} X`, ...fields), method)).toEqual(framing);
  });
});
