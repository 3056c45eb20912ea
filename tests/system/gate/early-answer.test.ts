import { afterEach, describe, expect, test } from 'vitest';
import { type OpenGate, openGate } from './open-gate.ts';
import { dial, head, withBody } from './raw-client.ts';
import { type RecordingEngine, recordingEngine } from './recording-engine.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK';
const MEBIBYTE = 1024 * 1024;

const open: (OpenGate | RecordingEngine)[] = [];
const kept = <T extends OpenGate | RecordingEngine>(one: T): T => {
  open.push(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('an engine that answers early', () => {
  test('is heard although it stopped reading the body in the middle', async () => {
    const FULL = 'HTTP/1.1 507 Full\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfull';
    const engine = kept(
      await recordingEngine((_, socket) => {
        if (socket.writableEnded) return;
        socket.end(FULL, () => socket.destroy());
      }),
    );
    const gate = kept(await openGate(engine.url));
    for (let round = 0; round < 20; round += 1) {
      const client = await dial(gate.path);
      client.send(head('POST /v1.41/images/load', `Content-Length: ${50 * MEBIBYTE}`));
      client.socket.write(Buffer.alloc(50 * MEBIBYTE));
      expect(await client.answer('POST')).toMatchObject({ status: 507, body: 'full' });
      client.destroy();
    }
    await gate.idle();
  });

  test('still gets the rest of the body, which is no request however much it looks like one', async () => {
    const engine = kept(
      await recordingEngine((bytes, socket) => bytes.includes('HTTP/1.1\r\nHost') && socket.write(OK)),
    );
    const gate = kept(await openGate(engine.url));
    const client = await dial(gate.path);
    const rest = head('GET /smuggled').replace('Host', 'X-Host');
    client.send(head('PUT /v1.41/containers/x/archive', `Content-Length: ${4 + rest.length}`));
    client.send('body');
    expect((await client.answer('PUT')).status).toBe(200);
    client.send(rest + head('GET /_ping'));
    expect((await client.answer()).status).toBe(200);
    expect(gate.seen).toEqual(['PUT /v1.41/containers/x/archive', 'GET /_ping']);
    expect(engine.received.flat().join('')).toContain(`body${rest}`);
    client.destroy();
  });

  test('with an interim answer before the one that the rules look at', async () => {
    const engine = kept(await recordingEngine((_, socket) => socket.write(`HTTP/1.1 102 Processing\r\n\r\n${OK}`)));
    const looked: string[] = [];
    const gate = kept(
      await openGate(engine.url, async () => ({
        kind: 'forward',
        async afterAnswer({ status, body }) {
          looked.push(`${status} ${body}`);
          return undefined;
        },
      })),
    );
    const client = await dial(gate.path);
    client.send(head('GET /_ping').repeat(2));
    expect(await client.answer()).toMatchObject({ status: 200, body: 'OK' });
    expect(await client.answer()).toMatchObject({ status: 200, body: 'OK' });
    expect(looked).toEqual(['200 OK', '200 OK']);
    client.destroy();
  });

  test.each([
    ['an answer of ours takes the engine’s place', OK, { status: 403, message: 'taken back' }, 403, []],
    ['the rules are told when the engine goes away instead', '', undefined, undefined, ['abandoned']],
  ] as const)('%s', async (_, says, instead, status, told) => {
    const engine = kept(
      await recordingEngine((__, socket) => {
        if (says === '') socket.destroy();
        else socket.write(says);
      }),
    );
    const abandoned: string[] = [];
    const gate = kept(
      await openGate(engine.url, async () => ({
        kind: 'forward',
        afterAnswer: async () => instead,
        abandoned: () => void abandoned.push('abandoned'),
      })),
    );
    const client = await dial(gate.path);
    client.send(withBody('POST /v1.41/containers/create', '{}'));
    if (status === undefined) expect(await client.rest()).toBe('');
    else expect((await client.answer('POST')).status).toBe(status);
    expect(abandoned).toEqual(told);
    client.destroy();
  });

  test('and rules that then fail: 500, since the request was carried out', async () => {
    const engine = kept(await recordingEngine((_, socket) => socket.write(OK)));
    const gate = kept(
      await openGate(engine.url, async () => ({
        kind: 'forward',
        afterAnswer: () => Promise.reject(new Error('a bug')),
      })),
    );
    const client = await dial(gate.path);
    client.send(head('GET /_ping'));
    expect((await client.answer()).status).toBe(500);
    expect(await client.rest()).toBe('');
    expect(gate.failures).toEqual([new Error('a bug')]);
    client.destroy();
    await gate.idle();
  });
});
