import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { byteSource } from '../../../main/gate/byte-source.ts';
import { tunnel } from '../../../main/gate/tunnel.ts';
import { eventually } from '../running.ts';
import { type OpenGate, openGate } from './open-gate.ts';
import { dial, field, head, type RawClient, untilRead, withBody } from './raw-client.ts';
import { type RecordingEngine, recordingEngine, socketPair } from './recording-engine.ts';

const UPGRADE = ['Connection: Upgrade', 'Upgrade: tcp'] as const;
const UPGRADED = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

describe('on the wire to the engine', () => {
  let engine: RecordingEngine;
  let recorded: OpenGate;
  let client: RawClient;
  const ATTACH = 'POST /v1.41/containers/x/attach?stdin=1';
  afterEach(async () => {
    client.destroy();
    await recorded.idle();
    await recorded.close();
    await engine.close();
  });
  const opened = async (onBytes: Parameters<typeof recordingEngine>[0]) => {
    engine = await recordingEngine(onBytes);
    recorded = await openGate(engine.url);
    client = await dial(recorded.path);
  };

  test('head and body of an upgrade request arrive in one piece, and what came ahead exactly once', async () => {
    await opened((bytes, socket) => {
      if (!bytes.includes('Upgrade: tcp')) return;
      socket.write(UPGRADED);
      socket.once('end', () => socket.end());
    });
    const whole = withBody(ATTACH, '{"a":1}', 'Content-Type: application/json', ...UPGRADE);
    // Cut between head and body, and within both: the engine must not see it.
    for (const piece of [whole.slice(0, 30), whole.slice(30, -7), whole.slice(-7, -3), `${whole.slice(-3)}ahead`]) {
      client.send(piece);
      await untilRead();
    }
    await client.until('\r\n\r\n');
    client.send('|later');
    await engine.has('|later');
    const [first, ...others] = engine.received[0] ?? [];
    expect(first).toMatch(/^POST \/v1\.41\/containers\/x\/attach\?stdin=1 HTTP\/1\.1\r\n.*\r\n\r\n\{"a":1\}$/s);
    expect(field(first?.split('\r\n') ?? [], 'content-length')).toBe('7');
    expect(others.join('')).toBe('ahead|later');
  });

  test('an upgrade is asked for only where the engine hijacks', async () => {
    await opened((_, socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    client.send(head('GET /_ping', 'Connection: Upgrade, X-Hop', 'Upgrade: h2c', 'HTTP2-Settings: a', 'X-Hop: a'));
    expect((await client.answer()).status).toBe(200);
    expect(engine.received.flat().join('')).toBe(head('GET /_ping'));
  });

  test('a switch of protocols that nobody asked for is not relayed', async () => {
    await opened((_, socket) => socket.write(UPGRADED));
    client.send(head('GET /_ping'));
    expect(await client.rest()).toBe('');
  });

  test.each(['Upgrade: tcp, h2c', 'Upgrade: a b\tc', 'Upgrade:', 'Upgrade: caf\xe9'])(
    'a strange upgrade (%s) is an answer and no failure',
    async (upgrade) => {
      await opened((_, socket) => socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
      client.send(head(ATTACH, upgrade, 'Content-Length: 0'));
      expect([400, 404]).toContain((await client.answer('POST')).status);
      expect(recorded.failures).toEqual([]);
    },
  );

  test('each direction ends by itself, the engine’s first', async () => {
    await opened((bytes, socket) => {
      if (bytes.includes('Upgrade: tcp')) socket.end(`${UPGRADED}only this`);
    });
    client.send(head(ATTACH, ...UPGRADE));
    expect(await client.rest()).toContain('only this');
    client.send('still taken');
    await engine.has('still taken');
    client.socket.end();
    await recorded.idle();
  });

  test('each direction ends by itself, the client’s first', async () => {
    await opened((bytes, socket) => {
      if (!bytes.includes('Upgrade: tcp')) return;
      socket.write(UPGRADED);
      socket.once('end', () => socket.end('said after the end'));
    });
    client.send(head(ATTACH, ...UPGRADE));
    await client.until('\r\n\r\n');
    client.socket.end('input');
    expect(await client.rest()).toBe('said after the end');
    expect(engine.received.flat().join('')).toContain('input');
  });

  test('the last output is heard although it comes with the end of taking input', async () => {
    await opened((bytes, socket) => bytes.includes('Upgrade: tcp') && socket.write(UPGRADED));
    client.send(head(ATTACH, ...UPGRADE));
    await client.until('\r\n\r\n');
    // In one turn: the gate learns of the input first, and its write fails before it has read the output.
    client.send('input');
    engine.sockets[0]?.write('last word');
    engine.sockets[0]?.destroy();
    expect(await client.rest()).toBe('last word');
  });

  test('input that was sent before the client left arrives whole at an engine that is slow', async () => {
    let received = 0;
    await opened((bytes, socket) => {
      if (bytes.includes('Upgrade: tcp')) return void socket.end(UPGRADED);
      received += bytes.length;
      socket.pause();
      setImmediate(() => socket.resume());
    });
    client.send(head(ATTACH, ...UPGRADE));
    await client.rest();
    engine.sockets[0]?.pause();
    // Small pieces: of the last ones the gate need not wait for any to be taken before it sees the client's end.
    for (let piece = 0; piece < 40; piece += 1) {
      client.send('x'.repeat(10_000));
      await untilRead();
    }
    client.socket.end();
    await untilRead();
    engine.sockets[0]?.resume();
    await recorded.idle();
    expect(received).toBe(400_000);
  });
});

describe('an engine that has said its last word', () => {
  const PATIENCE_MS = 40;
  const between = async (client: Socket, engine: Socket) =>
    tunnel({ socket: client, source: byteSource(client) }, { socket: engine, source: byteSource(engine) }, PATIENCE_MS);

  test('and leaves input lying is given up', async () => {
    const [client, engine] = [await socketPair(), await socketPair()];
    engine.far.pause().end('last');
    client.far.write(Buffer.alloc(8 * 1024 * 1024));
    await between(client.near, engine.near);
    for (const { near, far } of [client, engine]) near.destroy() && far.destroy();
  });

  test('and takes what little comes is not, however long that takes', async () => {
    const [client, engine] = [await socketPair(), await socketPair()];
    engine.far.end('last');
    const carried = between(client.near, engine.near);
    const taken: string[] = [];
    engine.far.on('data', (bytes: Buffer) => taken.push(bytes.toString()));
    for (const word of ['some', 'more']) {
      client.far.write(word);
      // Not for anything to happen, but for nothing to happen meanwhile.
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS * 4));
    }
    client.far.end('end');
    await carried;
    engine.near.end();
    await eventually(async () => taken.join('') === 'somemoreend', 'all input has arrived');
    for (const { near, far } of [client, engine]) near.destroy() && far.destroy();
  });
});
