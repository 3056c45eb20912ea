import { METHODS } from 'node:http';
import fc from 'fast-check';
import { remakeRequestHead } from '../../../shared/http/remake-head.ts';
import { parseRequestHead, type RequestHead, scanHead } from '../../../shared/http/request-head.ts';
import { HEAD_CORPUS } from '../../unit/shared/http/head-corpus.ts';
import { bytesOf, textOf } from '../../unit/shared/http/latin1-bytes.ts';
import { readWithNode } from '../readers/node-http.ts';
import { holds, same, type Target } from '../target.ts';

/** What the gate does with a head: finds its end, then parses it. */
function readHead(input: Uint8Array): { length: number; head: RequestHead } | undefined {
  const scanned = scanHead(input, 0);
  if (scanned.kind !== 'complete') return undefined;
  const parsed = parseRequestHead(input.subarray(0, scanned.length));
  return parsed.kind === 'head' ? { length: scanned.length, head: parsed.head } : undefined;
}

/** Feeds it byte by byte, as a slow client does. */
function checkDripped(input: Uint8Array): void {
  let from = 0;
  for (let end = 1; end <= input.length; end += 1) {
    const result = scanHead(input.subarray(0, end), from);
    if (result.kind !== 'incomplete') {
      same('dripped it ends otherwise', result, scanHead(input, 0));
      return;
    }
    from = result.scanned;
  }
}

/** The body that the head announces, as far as it is short enough to be sent. */
function announcedBody({ framing }: RequestHead): { wire: string; data: string } | undefined {
  if (framing.kind === 'none') return { wire: '', data: '' };
  if (framing.kind === 'chunked') return { wire: '3\r\nabc\r\n0\r\n\r\n', data: 'abc' };
  return framing.length > 1000 ? undefined : { wire: 'x'.repeat(framing.length), data: 'x'.repeat(framing.length) };
}

const NEXT = 'GET /second HTTP/1.1\r\nHost: d\r\n\r\n';

/**
 * Fields that mean more to Node than to Go and to us: what follows an upgrade it takes for no HTTP, the body included, and
 * an old browser's Proxy-Connection for Connection. They get names that mean nothing.
 */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['upgrade', 'X-grade'],
  ['proxy-connection', 'X-roxy-Connection'],
]);

/** The head as Node is given it: nor does it take a tab behind a length or "chunked", which RFC 9110 §5.5 allows. */
function forNode(wireHead: string): string {
  const untabbed = wireHead.replace(/(content-length:[ \t]*\d+|transfer-encoding:[ \t]*chunked)[ \t]+\r\n/gi, '$1\r\n');
  return untabbed.replace(/\r\n(upgrade|proxy-connection):/gi, (_, name: string) => {
    return `\r\n${RENAMED.get(name.toLowerCase())}:`;
  });
}

/**
 * Node reads the same request, its body ends at the same byte, and what follows is a request of its own for both: so
 * nothing is smuggled past one of them. Methods that Node does not know stand for POST.
 */
async function checkWithNode(wireHead: string, head: RequestHead): Promise<void> {
  const body = announcedBody(head);
  if (body === undefined) return;
  const known = METHODS.includes(head.method) && head.method !== 'CONNECT';
  const method = known ? head.method : 'POST';
  const wire = method + forNode(wireHead.slice(head.method.length));
  const read = await readWithNode(bytesOf(wire + body.wire + (head.closes ? '' : NEXT)));
  const fields = head.fields.flatMap(({ name, lower, value }) => [RENAMED.get(lower) ?? name, value]);
  same('Node reads another request', read[0], { method, target: head.target, fields, body: body.data, trailers: [] });
  if (!head.closes) same('Node reads another request after it', read[1]?.target, '/second');
}

/** What goes on to the engine is read as what was decided on, by us and by Node. */
async function checkRemade(head: RequestHead): Promise<void> {
  const { method, target, fields, framing, closes, upgrade } = head;
  for (const asked of [undefined, upgrade]) {
    const bytes = remakeRequestHead({ method, target, fields, framing, closes, upgrade: asked, keepExpect: true });
    const again = readHead(bytes);
    holds('the remade head is not read', again !== undefined);
    if (again === undefined) return;
    same('the remade head ends otherwise', again.length, bytes.length);
    const meaning = ({ method: verb, target: at, framing: how, contentType }: RequestHead) => [
      verb,
      at,
      how,
      contentType,
    ];
    same('the remade head is another one', meaning(again.head), meaning(head));
    same('the upgrade', again.head.upgrade, asked);
    await checkWithNode(textOf(bytes), again.head);
  }
}

async function check(input: Uint8Array): Promise<void> {
  checkDripped(input);
  const read = readHead(input);
  if (read === undefined) return;
  await checkWithNode(textOf(input.subarray(0, read.length)), read.head);
  await checkRemade(read.head);
}

const short = HEAD_CORPUS.filter(({ bytes }) => bytes.length < 500).map(({ bytes }) => bytes);
const line = fc.oneof(
  fc.constantFrom(
    'Host: e',
    'X: y',
    'Content-Length: 3',
    'Transfer-Encoding: chunked',
    'Connection: close, upgrade',
    'Upgrade: tcp',
    'Expect: 100-continue',
    'Content-Type: application/json',
    'TE: trailers',
  ),
  fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,10}:[ \t]{0,2}[ -~\t\x80-\xff]{0,12}$/),
);
const heads = fc
  .array(line, { maxLength: 6 })
  .map((lines) => ['POST /v1.43/x?y=1 HTTP/1.1', 'Host: d', ...lines, '', ''].join('\r\n'));

export const requestHead: Target = {
  name: 'request-head',
  files: ['shared/http/'],
  words: [
    '\r\n',
    '\r\n\r\n',
    ' HTTP/1.1\r\n',
    'GET /',
    'Host: d\r\n',
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Connection: ',
    'Upgrade: ',
    'Expect: 100-continue\r\n',
    'Content-Type: ',
    'Trailer: X\r\n',
    'Content-Encoding: gzip\r\n',
    ': ',
    ',',
    ';',
    '\t',
    ' ',
    'HTTP/1.0',
    'HTTP/2.0',
    'PRI * ',
    'host',
    'close',
    'chunked',
    'identity',
    'Proxy-',
    '\x7f',
  ],
  inputs: fc.oneof(heads, fc.constantFrom(...short)).map(bytesOf),
  longest: 800,
  mostBlocksPerByte: 200,
  check,
};
