import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AttachedLab, attachLab } from '../../lab/lab.ts';
import { HEAD_CORPUS, type HeadCase } from '../../unit/shared/http/head-corpus.ts';
import { type OpenGate, openGate } from './open-gate.ts';
import { dial, field, head, type RawAnswer } from './raw-client.ts';

/** Heads that some engine takes and we refuse, under the reason why we do. Newer engines take fewer of them. */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
  'other parsers end the line or the field elsewhere': [
    'a bare line feed after the request line',
    'a bare line feed after a field',
    'bare line feeds at the end',
    'a folded value',
    'a folded value with a tab',
    'an empty name',
  ],
  'the target is not where clients put it, or not spelled as they do': [
    'a byte above ASCII in the target',
    'absolute form',
    'authority form',
    'asterisk form',
  ],
  'no Docker client speaks it, and it means other rules for connections': [
    'HTTP/1.0',
    'HTTP/1.2',
    'the HTTP/2 preface',
  ],
  'more than anybody sends costs memory': ['more fields than anybody sends', 'a head of more than 1 MiB'],
  'which of two values counts is each parser’s choice': [
    'two Content-Types',
    'two Content-Encodings',
    'two Upgrades',
    'two Expects',
    'a list of expectations',
    'an empty expectation',
  ],
  'Go folds case beyond ASCII, and trims more, before it looks for form fields': [
    'a dotted capital I in Content-Type',
    'a no-break space in Content-Type',
  ],
  'a proxy would take the field out, and the request would mean something else': [
    'a Connection that names Host',
    'a Connection that names Content-Length',
    'a Connection that names Content-Type',
    'a Connection that is no list of tokens',
  ],
  'two framings in one message are how requests are smuggled': [
    'length and coding',
    'coding and length',
    'two equal lengths',
    'an empty length',
    'a length of 16 digits',
  ],
  'the router redirects to another path than the one that was judged': [
    '//_ping',
    '/containers//json',
    '/containers/%2Fjson',
    '/containers/%2F%2Fjson',
    '/./_ping',
    '/../_ping',
    '/containers/..',
    '/containers/.',
    '/containers/%2e%2e/json',
    '/containers%2F..%2Fjson',
    '/containers/x%2F%2E/json',
  ].map(target),
  'no Docker name has the character, and some parser takes it for a separator or an end': [
    '/containers\\json',
    '/containers%5Cjson',
    '/containers#json',
    '/containers%23json',
    '/containers/json?a#b',
    '/containers/%00',
    '/containers/a%0Ab',
    '/containers/a%0D%0Ab',
    '/containers/%7F',
    '/containers/%C2%85',
    '/containers/%E2%80%A8',
    '/containers/%E2%80%A9',
    '/containers/json?a=%00',
  ].map(target),
  'it is no UTF-8, so that each reader makes something else of it': [
    '/containers/%FF',
    '/containers/%C0%AF',
    '/containers/%C0%AE%C0%AE/json',
    '/containers/%ED%A0%80',
    '/containers/json?a=%FF',
  ].map(target),
  'the router and the version check of the engine do not agree on what a version is': [
    '/V1.43/_ping',
    '/v1/_ping',
    '/v1./_ping',
    '/v.1/_ping',
    '/v1.2.3/_ping',
    '/v1.43',
    '/v1.43?x',
    '/v01.43/_ping',
    '/v1.043/_ping',
    '/v100.1/_ping',
    '/v1.1000/_ping',
    '/v1.43x/_ping',
    '/v1.43/v1.24/_ping',
  ].map(target),
  'the engine drops the parameter, which may be the one that decides': [
    '/containers/json?a;b',
    '/containers/json?a=1;b=2',
    '/containers/json?a=%',
    '/containers/json?%zz=1',
  ].map(target),
};

function target(path: string): string {
  return `target ${path}`;
}

const accepted = HEAD_CORPUS.filter((one) => one.expect === 'accepted');
const refused = HEAD_CORPUS.filter((one) => one.expect === 'refused');

let lab: AttachedLab;
let gate: OpenGate;
beforeAll(async () => {
  lab = attachLab(inject('lab'));
  gate = await openGate(lab.engineUrl);
});
afterAll(async () => {
  await gate.idle();
  await gate.close();
  expect(gate.failures).toEqual([]);
});

describe('a head that the gate takes, the engine takes, and answers alike', () => {
  test.each(accepted.map((one) => [one.id, one] as const))('%s', async (_, one) => {
    const direct = await replay(lab.engineSocket, one);
    const through = await replay(gate.path, one);
    if (one.id.startsWith('form encoding')) return expect(through.body).toContain('is not let through');
    expect(isHttpRefusal(direct)).toBe(false);
    expect(through.status).toBe(direct.status);
    // Sizes of what is listed change with other tests' containers; errors name what was understood.
    if (direct.status >= 400) expect(through.body).toBe(direct.body);
  });
});

describe('a head that the gate refuses', () => {
  const reasons = new Map(Object.entries(STRICTER).flatMap(([reason, ids]) => ids.map((id) => [id, reason] as const)));

  test.each(refused.map((one) => [one.id, one] as const))('%s', async (_, one) => {
    const before = gate.seen.length;
    const client = await dial(gate.path);
    client.send(one.bytes + head('GET /smuggled'));
    const answer = await client.answer();
    expect(answer.status).toBe(one.status);
    expect(field(answer.head, 'connection')).toBe('close');
    // One answer and the end: what follows a head that was refused is no request.
    expect(await client.rest()).toBe('');
    client.destroy();
    expect(gate.seen.slice(before)).toEqual([]);
    expect(gate.malformed.at(-1)?.answer.status).toBe(one.status);
    if (!isHttpRefusal(await replay(lab.engineSocket, one))) expect([...reasons.keys()]).toContain(one.id);
  });

  test('stricter than the engine only where it is listed, and with what is in the corpus', () => {
    const ids = new Set(refused.map(({ id }) => id));
    expect([...reasons.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });
});

/** The final answer, or the switch of protocols. */
async function replay(path: string, one: HeadCase): Promise<RawAnswer> {
  const client = await dial(path);
  const [, method = ''] = /^(\w+) /.exec(one.bytes) ?? [];
  try {
    // The engine remembers a session until its connection's end has reached it: each replay opens its own.
    client.send(one.bytes.replace('Session-Uuid: a', `Session-Uuid: ${randomUUID()}`) + (one.body ?? ''));
    client.socket.end();
    let answer = await client.answer(method);
    while (answer.status === 100) answer = await client.answer(method);
    return answer;
  } finally {
    client.destroy();
  }
}

/** Whether Go's HTTP server refused it, as opposed to the engine behind, whose errors are JSON (or go on). */
function isHttpRefusal({ status, head: lines }: RawAnswer): boolean {
  if (status === 417) return true;
  const plain = field(lines, 'content-type')?.startsWith('text/plain') === true;
  return status >= 400 && plain && field(lines, 'connection') === 'close';
}
