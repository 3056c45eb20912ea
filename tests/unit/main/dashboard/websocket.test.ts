import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { MOST_CLIENTS, type PushValue, REQUEST_CAP, UNREAD_CAP } from '../../../../shared/ipc/contract.ts';
import { emptyHandlers } from '../../shared/ipc/empty-handlers.ts';
import { snapshotSample } from '../../shared/ipc/snapshot-sample.ts';
import { fate, type Served, served } from './served.ts';

let dashboard: Served;
afterEach(() => dashboard.close());

async function opened(): Promise<WebSocket> {
  const socket = dashboard.socket();
  await once(socket, 'open');
  return socket;
}

/** The next frames, in order. */
function frames(socket: WebSocket): () => Promise<Record<string, unknown>> {
  const waiting: ((frame: Record<string, unknown>) => void)[] = [];
  const come: Record<string, unknown>[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    const next = waiting.shift();
    if (next === undefined) come.push(frame);
    else next(frame);
  });
  return () => {
    const frame = come.shift();
    return frame === undefined ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve(frame);
  };
}

describe('a WebSocket to the contract', () => {
  it('is greeted, and answered in frames', async () => {
    dashboard = await served(emptyHandlers());
    const socket = dashboard.socket();
    const next = frames(socket);
    expect(await next()).toEqual({ hello: { protocol: 1, version: '1.2.3', snapshot: snapshotSample } });
    socket.send('{"id":4,"request":"status","input":{}}');
    expect(await next()).toMatchObject({ id: 4, answer: { error: { name: 'unavailable' } } });
    socket.send('{"id":5,"request":"toString","input":{}}');
    expect(await next()).toMatchObject({ id: 5, answer: { error: { name: 'unknown-request' } } });
    socket.send('{"id":6,"request":"status","input":{"surprise":1}}');
    expect(await next()).toMatchObject({ id: 6, answer: { error: { name: 'invalid-request' } } });
  });

  it.each([
    ['no JSON', 'x', 1007],
    ['no frame', '{"id":1}', 1007],
    ['bytes', Buffer.from('{"id":4,"request":"status","input":{}}'), 1003],
    ['too much', 'x'.repeat(REQUEST_CAP + 1), 1009],
  ])('ends with %s', async (_, message, code) => {
    dashboard = await served(emptyHandlers());
    const socket = await opened();
    socket.send(message);
    expect(await fate(socket)).toBe(`closed ${code}`);
  });

  it('ends when too much is sent at once', async () => {
    dashboard = await served(emptyHandlers());
    const socket = await opened();
    for (let id = 0; id < 400; id += 1) socket.send(JSON.stringify({ id, request: 'status', input: {} }));
    expect(await fate(socket)).toBe('closed 1013');
  });

  it('is cut off when it does not answer our closing', async () => {
    dashboard = await served(emptyHandlers());
    const stream = connect(dashboard.port, '127.0.0.1');
    const origin = `http://127.0.0.1:${dashboard.port}`;
    const fields = [
      `Host: ${origin.slice(7)}`,
      `Origin: ${origin}`,
      `Cookie: ${dashboard.visitor.cookie}`,
      'Connection: Upgrade',
    ];
    const upgrade = [
      `Sec-WebSocket-Protocol: lockkeeper, ${dashboard.visitor.proof}`,
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ];
    stream.write(`GET /contract HTTP/1.1\r\n${[...fields, ...upgrade].join('\r\n')}\r\n\r\n`);
    await once(stream, 'data');
    // RFC 6455, section 5.2: a masked text frame of one byte, which is no JSON.
    stream.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]));
    stream.resume();
    await once(stream, 'close');
  });

  it('loses what it does not read, holds little of it, is told how much, and goes on', async () => {
    let push: (value: PushValue<'event'>) => void = () => undefined;
    const empty = emptyHandlers();
    const event = (_: unknown, given: typeof push) => {
      push = given;
      return () => undefined;
    };
    dashboard = await served({ ...empty, pushes: { ...empty.pushes, event } });
    const socket = await opened();
    const next = frames(socket);
    socket.send('{"id":1,"subscribe":"event","input":{}}');
    expect(await next()).toMatchObject({ id: 1, answer: { ok: true } });
    socket.pause();
    const total = 20_000;
    const notice = (sequence: number) => {
      push({
        schema: 1,
        sequence,
        time: '2026-11-24T00:00:00.000Z',
        type: 'lifecycle',
        what: 'alarm',
        detail: 'x'.repeat(2000),
      });
    };
    for (let sequence = 1; sequence <= total; sequence += 1) notice(sequence);
    socket.resume();
    let got = 0;
    let frame = await next();
    while ('push' in frame) {
      got += 1;
      expect(frame.value).toMatchObject({ sequence: got });
      frame = await next();
    }
    expect(frame).toEqual({ lost: 1, count: total - got });
    expect(got).toBeGreaterThan(1000);
    expect(got * 2000).toBeLessThan(2 * UNREAD_CAP);
    notice(total + 1);
    expect(await next()).toMatchObject({ push: 1, value: { sequence: total + 1 } });
  });

  it('is one of so many', async () => {
    dashboard = await served(emptyHandlers());
    for (let count = 0; count < MOST_CLIENTS; count += 1) await opened();
    expect(await fate(dashboard.socket())).toBe('refused 429');
  });

  it('of a page that is not known any more is told so, in a code', async () => {
    dashboard = await served(emptyHandlers());
    const socket = dashboard.socket({ headers: { cookie: `lockkeeper-${dashboard.port}=stale` } });
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    expect(await fate(socket)).toBe('closed 1008');
    expect(heard).toEqual([]);
  });
});
