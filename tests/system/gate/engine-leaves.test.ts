import { describe, expect, test } from 'vitest';
import { eventually } from '../running.ts';
import { collectAll, openGate } from './open-gate.ts';
import { dial, head, untilRead, withBody } from './raw-client.ts';
import { recordingEngine } from './recording-engine.ts';

describe('an engine that goes away', () => {
  test.each([
    ['before it answers', ''],
    ['in its head', 'HTTP/1.1 200 O'],
    ['before its body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n'],
    ['in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123'],
    ['before its last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n'],
    ['in a hijacked stream', 'HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nsome'],
  ])('%s: the client sees as much, and the end', async (_, says) => {
    const engine = await recordingEngine((__, socket) => socket.end(says, () => socket.destroy()));
    const before = await openGate(engine.url);
    const client = await dial(before.path);
    client.send(head('POST /v1.41/containers/x/attach', 'Upgrade: tcp', 'Content-Length: 0'));
    const whole = says.startsWith('HTTP/1.1 200 OK\r\n') || says.includes('101');
    expect(await client.rest()).toBe(whole ? says : '');
    client.destroy();
    await before.idle();
    await before.close();
    await engine.close();
    expect(before.failures).toEqual([]);
  });

  test('between requests ends the client’s connection; what it still asks is not carried out', async () => {
    const engine = await recordingEngine((_, socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    const before = await openGate(engine.url);
    const client = await dial(before.path);
    client.send(head('GET /first'));
    await client.answer();
    client.send('GET /second HTTP/1.1\r\nHost:');
    await untilRead();
    engine.sockets[0]?.destroy();
    expect(await client.rest()).toBe('');
    client.send(' a\r\n\r\n');
    await before.idle();
    expect(engine.received.flat().join('')).not.toContain('second');
    expect(before.seen).toEqual(['GET /first']);
    await before.close();
    await engine.close();
  });

  test('after an answer that the client is still reading ends the client’s connection too', async () => {
    // More than the system takes at once, less than the gate reads ahead.
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n${'x'.repeat(400_000)}`;
    const engine = await recordingEngine((_, socket) => socket.end(answer));
    const before = await openGate(engine.url);
    const client = await dial(before.path);
    client.socket.pause();
    client.send(head('GET /large'));
    await eventually(async () => before.bytesFromEngine() === answer.length, 'the gate has the answer');
    await untilRead();
    client.socket.resume();
    expect(await client.rest()).toBe(answer);
    client.destroy();
    await before.idle();
    await before.close();
    await engine.close();
  });

  test('stays no longer than a client that resets its connection while it is silent', async () => {
    const part = `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(150_000)}`;
    const engine = await recordingEngine((_, socket) => socket.write(part));
    const before = await openGate(engine.url);
    const client = await dial(before.path);
    client.socket.pause();
    client.send(head('GET /large'));
    await eventually(async () => before.bytesFromEngine() === part.length, 'the gate has the part');
    await untilRead();
    // More than Node reads for a paused socket: what is left makes the close a reset.
    expect(client.socket.bytesRead).toBeLessThan(part.length);
    client.destroy();
    await before.idle();
    await before.close();
    await engine.close();
  });

  test('by saying so alone ends the client’s connection', async () => {
    const engine = await recordingEngine((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
    const before = await openGate(engine.url);
    const client = await dial(before.path);
    client.send(head('GET /first') + head('GET /second'));
    expect((await client.answer()).status).toBe(200);
    expect(await client.rest()).toBe('');
    client.destroy();
    await before.idle();
    expect(before.seen).toEqual(['GET /first']);
    await before.close();
    await engine.close();
  });

  test('is not asked at all by a client that left while its body was inspected', async () => {
    const engine = await recordingEngine(() => undefined);
    const before = await openGate(engine.url, collectAll);
    const client = await dial(before.path);
    client.send(withBody('POST /v1.41/containers/create', '{"a":1}').slice(0, -1));
    await eventually(async () => before.seen.length === 1, 'the body is awaited');
    client.destroy();
    await before.idle();
    expect(engine.received).toEqual([]);
    await before.close();
    await engine.close();
  });
});
