import fc from 'fast-check';
import { inspect } from '../ask-engine/evidence.ts';
import type { Attack } from '../attack.ts';
import { hiddenRequest } from '../cases/framing.ts';
import type { Run } from '../stage/run.ts';

const lines = [
  'GET /_ping',
  'HEAD /_ping',
  'GET /info',
  'POST /volumes/prune',
  'POST /containers/none/start',
  'OPTIONS /x',
];
const lengths = ['0', '2', '5', '{all}', '{all}', '+2', '2, 2', '0x2', ' 2'];
const codings = ['chunked', 'CHUNKED', 'chunked, identity', 'identity', 'x', '\tchunked', '"chunked"', '\r\n chunked'];
const names = [
  'Content-Length',
  'content-length',
  'Content-Length ',
  'Transfer-Encoding',
  'transfer-encoding',
  'Transfer-Encoding ',
];
const bodies = [
  '',
  '{}',
  '0\r\n\r\n',
  '2\r\n{}\r\n0\r\n\r\n',
  '2;a=b\r\n{}\r\n0\r\n\r\n',
  '2\n{}\n0\n\n',
  '0\r\nX: y\r\n\r\n',
  '{hidden}',
];
const upgrades = ['', '', 'tcp', 'h2c', 'websocket'];

/** A request before the hidden one, whose end may be taken for another place. */
const prefix = fc.record({
  line: fc.constantFrom(...lines),
  fields: fc.array(
    fc.constantFrom(...names).chain((name) => {
      const values = /length/i.test(name) ? lengths : codings;
      return fc.constantFrom(...values).map((value) => `${name}: ${value}`);
    }),
    { maxLength: 3 },
  ),
  body: fc.constantFrom(...bodies),
  lineEnd: fc.constantFrom('\r\n', '\r\n', '\r\n', '\n'),
  upgrade: fc.constantFrom(...upgrades),
});

interface Prefix {
  readonly line: string;
  readonly fields: readonly string[];
  readonly body: string;
  readonly lineEnd: string;
  readonly upgrade: string;
}

function written({ line, fields, body, lineEnd, upgrade }: Prefix, hidden: string): string {
  const full = body.replace('{hidden}', hidden);
  const asking = upgrade === '' ? [] : ['Connection: Upgrade', `Upgrade: ${upgrade}`];
  const all = fields.map((field) => field.replace('{all}', `${full.length}`));
  return [`${line} HTTP/1.1`, 'Host: docker', ...asking, ...all, '', full].join(lineEnd);
}

const smuggling = (prefixes: fc.Arbitrary<readonly Prefix[]>): fc.Arbitrary<Attack> =>
  fc.tuple(prefixes, fc.boolean()).map(([before, inPieces]) => ({
    id: 'generated',
    title: `behind ${JSON.stringify(before)}${inPieces ? ', in pieces' : ''}`,
    attempt(door, run: Run) {
      const hidden = hiddenRequest(run);
      const pieces = [...before.map((one) => written(one, hidden)), hidden];
      return door.raw(...(inPieces ? pieces : [pieces.join('')]));
    },
    happened: async (run: Run) => (await inspect(run)) !== undefined,
  }));

export const framings = smuggling(fc.array(prefix, { minLength: 1, maxLength: 3 }));

const ROUTES = [
  'POST /containers/none/attach?stream=1',
  'POST /exec/none/start',
  'GET /containers/none/attach/ws',
  'POST /session',
  'POST /grpc',
];

export const upgradings = smuggling(
  fc
    .record({
      line: fc.constantFrom(...ROUTES, ...lines),
      upgrade: fc.constantFrom('tcp', 'h2c', 'websocket', 'tcp, h2c', 'TCP', 'x'),
      fields: fc.subarray([
        'Content-Length: 2',
        'Sec-WebSocket-Version: 13',
        'HTTP2-Settings: AAMAAABk',
        'Connection: keep-alive',
      ]),
      body: fc.constantFrom('', '{}'),
      lineEnd: fc.constant('\r\n'),
    })
    .map((one) => [one]),
);
