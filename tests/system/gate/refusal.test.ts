import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AttachedLab, attachLab } from '../../lab/lab.ts';
import { collectAll, type OpenGate, openGate, refusing } from './open-gate.ts';
import { dial, field, head, json } from './raw-client.ts';
import { type RecordingEngine, recordingEngine } from './recording-engine.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK';
const MEBIBYTE = 1024 * 1024;

let lab: AttachedLab;
const open: (OpenGate | RecordingEngine)[] = [];
const kept = <T extends OpenGate | RecordingEngine>(one: T): T => {
  open.push(one);
  return one;
};
beforeAll(() => {
  lab = attachLab(inject('lab'));
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('a refusal', () => {
  test('has the form of the engine’s errors and never reaches the engine', async () => {
    const engine = kept(await recordingEngine((_, socket) => socket.write(OK)));
    const gate = kept(await openGate(engine.url, refusing(/forbidden/)));
    const client = await dial(gate.path);
    client.send(json('POST /forbidden?x=1', { secret: 1 }));
    const answer = await client.answer('POST');
    expect(answer.status).toBe(403);
    expect(field(answer.head, 'content-type')).toBe('application/json');
    expect(JSON.parse(answer.body)).toEqual({ message: 'not /forbidden?x=1' });
    expect(await client.rest()).toBe('');
    expect(engine.received).toEqual([]);
  });

  test('closes where the client asked for it', async () => {
    const gate = kept(await openGate(lab.engineUrl, refusing(/forbidden/)));
    const client = await dial(gate.path);
    client.send(head('GET /forbidden', 'Connection: close') + head('GET /_ping'));
    expect(field((await client.answer()).head, 'connection')).toBe('close');
    expect(await client.rest()).toBe('');
    expect(gate.seen).toEqual(['GET /forbidden']);
  });

  test('reaches a client that is still sending 50 MB and reads only then', async () => {
    const gate = kept(await openGate(lab.engineUrl, refusing(/build/)));
    const client = await dial(gate.path);
    client.socket.pause();
    client.send(head('POST /v1.41/build', `Content-Length: ${50 * MEBIBYTE}`, 'Content-Type: application/x-tar'));
    const block = Buffer.alloc(MEBIBYTE);
    for (let sent = 0; sent < 50; sent += 1) {
      await new Promise<void>((resolve, reject) => {
        client.socket.write(block, (error) => (error ? reject(error) : resolve()));
      });
    }
    client.socket.resume();
    expect((await client.answer('POST')).status).toBe(403);
    expect(await client.rest()).toBe('');
    client.destroy();
    await gate.idle();
    expect(gate.failures).toEqual([]);
  });

  test('of a chunked body, unread, closes: what follows is not taken for a request', async () => {
    const gate = kept(await openGate(lab.engineUrl, refusing(/build/)));
    const client = await dial(gate.path);
    client.send(`${head('POST /v1.41/build', 'Transfer-Encoding: chunked')}${head('GET /_ping')}`);
    expect((await client.answer('POST')).status).toBe(403);
    expect(await client.rest()).toBe('');
    expect(gate.seen).toEqual(['POST /v1.41/build']);
  });

  test.each([
    ['is longer than is inspected', `Content-Length: ${5 * MEBIBYTE}`, '', 413],
    ['is longer than is inspected, in chunks', 'Transfer-Encoding: chunked', `${(5 * MEBIBYTE).toString(16)}\r\n`, 413],
    ['has broken chunks', 'Transfer-Encoding: chunked', 'x\r\n', 400],
  ])('of an inspected body that %s closes too', async (_, framing, start, status) => {
    const gate = kept(await openGate(lab.engineUrl, collectAll));
    const client = await dial(gate.path);
    client.send(`${head('POST /v1.41/containers/create', framing)}${start}`);
    // Requests are what the rest of the body would be, if it were read as such.
    client.send(head('GET /_ping').repeat(Math.ceil((5 * MEBIBYTE) / head('GET /_ping').length)));
    expect((await client.answer('POST')).status).toBe(status);
    expect(await client.rest()).toBe('');
    expect(gate.seen).toEqual(['POST /v1.41/containers/create']);
    client.destroy();
    await gate.idle();
  });

  test('of an inspected body that is announced too long comes before any of it', async () => {
    const gate = kept(await openGate(lab.engineUrl, collectAll));
    for (const fields of [[], ['Expect: 100-continue']]) {
      const client = await dial(gate.path);
      client.send(head('POST /v1.41/containers/create', `Content-Length: ${5 * MEBIBYTE}`, ...fields));
      expect((await client.answer('POST')).status).toBe(413);
      expect(await client.rest()).toBe('');
      client.destroy();
    }
  });

  test('is what rules that read a bad body get by forwarding it', async () => {
    const engine = kept(await recordingEngine((_, socket) => socket.write(OK)));
    const gate = kept(
      await openGate(engine.url, async (request) => {
        await request.readBody();
        return { kind: 'forward' };
      }),
    );
    const client = await dial(gate.path);
    client.send(`${head('POST /v1.41/containers/create', 'Transfer-Encoding: chunked')}2\r\n{}\r\nx\r\n`);
    expect((await client.answer('POST')).status).toBe(400);
    expect(await client.rest()).toBe('');
    expect(engine.received).toEqual([]);
    expect(gate.malformed).toHaveLength(1);
  });

  test('is what rules that fail come to, and the connection and the gate go on', async () => {
    let fails = true;
    const gate = kept(
      await openGate(lab.engineUrl, async () => {
        if (fails) throw new Error('a bug');
        return { kind: 'forward' };
      }),
    );
    const client = await dial(gate.path);
    client.send(head('GET /_ping'));
    const answer = await client.answer();
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('a bug');
    expect(gate.failures).toEqual([new Error('a bug')]);
    fails = false;
    client.send(head('GET /_ping'));
    expect((await client.answer()).body).toBe('OK');
    client.destroy();
    await gate.idle();
  });
});

describe('an upload with broken chunk framing', () => {
  const UPLOAD = head('POST /v1.41/images/load', 'Transfer-Encoding: chunked', 'Content-Type: application/x-tar');

  test.each([
    ['a size that is none', '3\r\nabc\r\nx\r\n'],
    ['data longer than its size', '3\r\nabcd\r\n0\r\n\r\n'],
    ['a chunk extension', '3;a=b\r\nabc\r\n0\r\n\r\n'],
    ['a bare line feed', '3\nabc\n0\n\n'],
    ['a size beyond all numbers', 'ffffffffffffffff\r\nabc'],
    ['a trailer that frames', '3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n'],
  ])('%s: 400, and nothing complete reaches the engine', async (_, body) => {
    const engine = kept(await recordingEngine(() => undefined));
    const gate = kept(await openGate(engine.url));
    const client = await dial(gate.path);
    client.send(`${UPLOAD}${body}${head('GET /smuggled')}`);
    const answer = await client.answer('POST');
    expect(answer.status).toBe(400);
    expect(await client.rest()).toBe('');
    expect(gate.malformed).toEqual([
      { method: 'POST', path: '/v1.41/images/load', answer: { status: 400, message: JSON.parse(answer.body).message } },
    ]);
    expect(engine.received.flat().join('')).not.toMatch(/0\r\n\r\n$|smuggled/);
    client.destroy();
    await gate.idle();
    expect(gate.failures).toEqual([]);
  });

  test('is not carried out by a real engine', async () => {
    const gate = kept(await openGate(lab.engineUrl));
    const client = await dial(gate.path);
    client.send(
      `${head('POST /v1.41/volumes/create', 'Transfer-Encoding: chunked', 'Content-Type: application/json')}`,
    );
    client.send('11\r\n{"Name":"broken"}\r\nx\r\n');
    expect((await client.answer('POST')).status).toBe(400);
    client.destroy();
    await gate.idle();
    expect(await lab.dockerOutput(['volume', 'ls', '-q'])).not.toContain('broken');
  });
});
