import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { MOST_TOLD } from '../../../main/gate/turn-away.ts';
import { type AttachedLab, attachLab } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { collectAll, type OpenGate, openGate } from './open-gate.ts';
import { ask, dial, field, head, type RawClient } from './raw-client.ts';
import { recordingEngine } from './recording-engine.ts';

const KIBIBYTE = 1024;
const MOST = 20;

let lab: AttachedLab;
const opened: OpenGate[] = [];
beforeAll(() => {
  lab = attachLab(inject('lab'));
});
afterAll(async () => {
  for (const gate of opened) {
    await gate.close();
    expect(gate.failures).toEqual([]);
  }
});

/** A gate with few places, for rules that read every body. */
async function crowdedGate(engineUrl = lab.engineUrl): Promise<OpenGate> {
  const gate = await openGate(engineUrl, collectAll, { ofSocket: MOST, heldBytes: 512 * KIBIBYTE });
  opened.push(gate);
  return gate;
}

/** As many clients that all send the same and then nothing more. */
async function clients(gate: OpenGate, count: number, bytes: string): Promise<readonly RawClient[]> {
  const all: RawClient[] = [];
  for (let number = 0; number < count; number += 1) {
    const client = await dial(gate.path);
    if (bytes !== '') client.send(bytes);
    all.push(client);
  }
  return all;
}

/** Whether the gate has closed the connection. */
const isOver = ({ socket }: RawClient) => socket.readableEnded || socket.closed;

const PING = head('GET /_ping');

describe.each([
  ['say nothing', ''],
  ['stop in the middle of a head', 'GET /_ping HTTP/1.1\r\nHost: d\r\nX-Slow: '],
  ['are done and stay', PING],
  ['stop in the middle of a body', `${head('POST /containers/create', 'Content-Length: 5')}{`],
])('clients that %s', (_, bytes) => {
  test('make room for others, oldest first, and a stream in progress goes on', async () => {
    const gate = await crowdedGate();
    const events = await dial(gate.path);
    events.send(head('GET /events'));
    expect((await events.until('\r\n\r\n')).slice(0, 12)).toBe('HTTP/1.1 200');
    const idle = await clients(gate, 3 * MOST, bytes);
    expect((await ask(gate.path, PING)).status).toBe(200);
    expect(isOver(events)).toBe(false);
    await eventually(async () => idle.slice(0, MOST).every(isOver), 'the oldest are closed');
    expect(gate.places().open).toBeLessThanOrEqual(MOST);
    expect(gate.places().gaveWay).toBeGreaterThanOrEqual(2 * MOST);
    expect(gate.places().turnedAway).toBe(0);
    for (const client of [events, ...idle]) client.destroy();
  });
});

test('a client gets 503 when all others are busy, and a place when one of them is done', async () => {
  const gate = await crowdedGate();
  const busy = await clients(gate, MOST, head('GET /events'));
  for (const client of busy) await client.until('\r\n\r\n');
  const refused = await ask(gate.path, PING);
  expect(refused.status).toBe(503);
  expect(field(refused.head, 'connection')).toBe('close');
  expect(refused.body).toContain('as many connections as it may have');
  expect(gate.places()).toEqual({ open: MOST, gaveWay: 0, turnedAway: 1 });
  busy[0]?.destroy();
  await eventually(async () => (await ask(gate.path, PING)).status === 200, 'there is a place again');
  for (const client of busy) client.destroy();
});

test('clients that are turned away learn why, also when they send later, and few are waited for', async () => {
  const gate = await crowdedGate();
  const busy = await clients(gate, MOST, head('GET /events'));
  for (const client of busy) await client.until('\r\n\r\n');
  const write = ({ socket }: RawClient) => new Promise((resolve) => socket.write(PING, (error) => resolve(error)));
  const first = await dial(gate.path);
  expect(await first.rest()).toContain('as many connections as it may have');
  expect(await write(first)).toBeFalsy();
  const more = await clients(gate, MOST_TOLD, '');
  for (const client of more) await client.until('503');
  // Sooner than its own time would be over.
  await eventually(async () => (await write(first)) instanceof Error, 'the first is cut', 8000);
  expect(gate.places()).toEqual({ open: MOST, gaveWay: 0, turnedAway: 1 + MOST_TOLD });
  for (const client of [first, ...busy, ...more]) client.destroy();
});

test('what slow clients have sent takes no more memory than it may', async () => {
  const gate = await crowdedGate();
  const large = `GET /_ping HTTP/1.1\r\nHost: d\r\nX-Large: ${'a'.repeat(200 * KIBIBYTE)}`;
  const slow = await clients(gate, 6, large);
  await eventually(async () => slow.slice(0, 4).every(isOver), 'all but two are closed');
  expect(gate.places().gaveWay).toBe(4);
  expect((await ask(gate.path, PING)).status).toBe(200);
  for (const client of slow) client.destroy();
});

test('a body in chunks of one byte takes memory for its bytes, not for its chunks', async () => {
  const size = 1024 * KIBIBYTE;
  let held = 0;
  const gate = await openGate(lab.engineUrl, async (request) => {
    global.gc?.();
    const before = process.memoryUsage().heapUsed;
    const body = await request.readBody();
    global.gc?.();
    held = process.memoryUsage().heapUsed - before;
    return {
      kind: 'answer',
      answer: { status: 403, message: body.kind === 'body' ? `${body.bytes.length} bytes` : body.problem },
    };
  });
  opened.push(gate);
  const chunks = `${'1\r\na\r\n'.repeat(size)}0\r\n\r\n`;
  const answer = await ask(gate.path, head('POST /containers/create', 'Transfer-Encoding: chunked') + chunks, 'POST');
  expect(answer.body).toContain(`${size} bytes`);
  expect(held).toBeLessThan(16 * size);
});

test('an engine that hangs in the middle of an answer holds up nobody else, and is left once it goes on', async () => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';
  const engine = await recordingEngine((bytes, socket) => {
    socket.write(bytes.startsWith('GET /hangs') ? half : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK');
  });
  const gate = await openGate(engine.url);
  opened.push(gate);
  const hanging = await clients(gate, 10, head('GET /hangs'));
  for (const client of hanging) await client.until('half');
  expect((await ask(gate.path, PING)).body).toBe('OK');
  for (const client of hanging) client.destroy();
  for (const socket of engine.sockets) socket.end('-over.');
  await gate.idle();
  await engine.close();
});
