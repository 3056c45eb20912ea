import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AttachedLab, attachLab } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { type OpenGate, openGate } from './open-gate.ts';
import { dial, head, type RawClient, untilRead, withBody } from './raw-client.ts';

const MEBIBYTE = 1024 * 1024;

let lab: AttachedLab;
let gate: OpenGate;
let chatty: string;
beforeAll(async () => {
  lab = attachLab(inject('lab'));
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  chatty = await lab.dockerOutput(['run', '-d', '-i', 'alpine', 'sh', '-c', 'while sleep 0.1; do echo tick; done']);
  gate = await openGate(lab.engineUrl);
});
afterEach(async () => {
  // Whatever happened, nothing is left on either side and the gate goes on.
  await gate.idle();
  const client = await dial(gate.path);
  client.send(head('GET /_ping'));
  expect((await client.answer()).body).toBe('OK');
  client.destroy();
  await gate.idle();
  expect(gate.failures).toEqual([]);
});
afterAll(async () => {
  await gate.close();
  await lab.dockerOutput(['rm', '-f', chatty]);
});

/** Brings a connection to a point, at which it is then cut. */
const points: readonly (readonly [string, (client: RawClient) => Promise<void>])[] = [
  ['nothing was sent', async () => undefined],
  ['a part of the head was sent', async (client) => client.send('GET /_ping HTT')],
  ['the head was sent', async (client) => client.send(head('GET /v1.41/info'))],
  [
    'a part of the body was sent',
    async (client) => client.send(withBody('POST /v1.41/volumes/create', '{}').slice(0, -1)),
  ],
  [
    'an upload runs',
    async (client) => {
      client.send(head('POST /v1.41/images/load', `Content-Length: ${64 * MEBIBYTE}`));
      client.send(Buffer.alloc(MEBIBYTE));
      await untilRead();
    },
  ],
  [
    'a chunked upload runs',
    async (client) => {
      client.send(head('POST /v1.41/images/load', 'Transfer-Encoding: chunked'));
      client.send(`10000\r\n${'\0'.repeat(0x10000)}\r\n`);
      await untilRead();
    },
  ],
  [
    'a download runs',
    async (client) => {
      client.send(head('GET /v1.41/images/alpine/get'));
      await client.until('\r\n\r\n');
    },
  ],
  [
    'a download runs that nobody reads',
    async (client) => {
      client.socket.pause();
      client.send(head('GET /v1.41/images/alpine/get'));
      await eventually(async () => gate.engineConnections() === 1, 'the download has begun');
      await untilRead();
    },
  ],
  [
    'logs are followed',
    async (client) => {
      client.send(head(`GET /v1.41/containers/${chatty}/logs?follow=1&stdout=1`));
      await client.until('tick');
    },
  ],
  [
    'events are awaited that do not come',
    async (client) => {
      client.send(head('GET /v1.41/events?filters={"type":["plugin"]}'));
      await client.until('\r\n\r\n');
    },
  ],
  [
    'events are awaited and not even the head is read',
    async (client) => {
      client.socket.pause();
      client.send(head('GET /v1.41/events?filters={"type":["plugin"]}'));
      await eventually(async () => gate.bytesFromEngine() > 0, 'the head has come');
      await untilRead();
    },
  ],
  [
    'an end is awaited that does not come',
    async (client) => {
      client.send(head(`POST /v1.41/containers/${chatty}/wait`, 'Content-Length: 0'));
      await client.until('\r\n\r\n');
    },
  ],
  [
    'a container is attached',
    async (client) => {
      const fields = ['Connection: Upgrade', 'Upgrade: tcp'];
      client.send(head(`POST /v1.41/containers/${chatty}/attach?stream=1&stdin=1&stdout=1`, ...fields));
      await client.until('tick');
    },
  ],
  [
    'a session is open',
    async (client) => {
      const id = `X-Docker-Expose-Session-Uuid: ${randomUUID()}`;
      client.send(head('POST /session', 'Connection: Upgrade', 'Upgrade: h2c', id));
      await client.until('PRI');
    },
  ],
];

/** Streams of their own: where the client has ended its side, the engine's goes on. */
const HIJACKED = ['a container is attached', 'a session is open'];

describe.each([
  ['leaves', (client: RawClient) => client.destroy()],
  // A reset: the system discards what the client had not read (unix(7)).
  [
    'leaves without reading what it was sent',
    (client: RawClient) => {
      client.socket.pause();
      client.destroy();
    },
  ],
])('a client that %s when', (_, leave) => {
  test.each(points)('%s', async (__, bring) => {
    const client = await dial(gate.path);
    await bring(client);
    leave(client);
  });
});

describe('a client that ends its side and reads on when', () => {
  test.each(points.filter(([when]) => !HIJACKED.includes(when)))('%s', async (_, bring) => {
    const client = await dial(gate.path);
    await bring(client);
    client.socket.end();
    client.socket.resume();
    await client.rest();
  });
});

test.each([
  ['logs', () => `/v1.41/containers/${chatty}/logs?follow=1&stdout=1&tail=0`],
  ['events', () => '/v1.41/events?filters={"type":["plugin"]}'],
])('a client that ends its side during %s has the stream ended by the engine, as without the gate', async (_, path) => {
  for (const socket of [lab.engineSocket, gate.path]) {
    const client = await dial(socket);
    client.send(head(`GET ${path()}`));
    await client.until('\r\n\r\n');
    client.socket.end();
    expect(await client.rest()).toMatch(/0\r\n\r\n$|^$/);
  }
});
