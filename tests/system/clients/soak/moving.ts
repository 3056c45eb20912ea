import { createHash, randomBytes } from 'node:crypto';
import { pack } from 'tar-stream';
import { expect } from 'vitest';
import { dial, head, json, type RawClient, withBody } from '../../gate/raw-client.ts';
import { ask, type Chore, LABEL, numberedLine, SOCKET, type Stage } from './stage.ts';

const UPGRADE = ['Connection: Upgrade', 'Upgrade: tcp'];
const KIBIBYTE = 1024;

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');

async function withClient<T>(socket: string, use: (client: RawClient) => Promise<T>): Promise<T> {
  const client = await dial(socket);
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

async function tarOf(name: string, content: Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What a stream without a terminal brought, its frames taken off (Engine API, "attach to a container"). */
function standardOutput(stream: string): string {
  const bytes = Buffer.from(stream, 'latin1');
  let text = '';
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    text += bytes.toString('latin1', at + 8, end);
    at = end;
  }
  return text;
}

/** A container that is removed again, whatever becomes of it meanwhile. */
async function withContainer(
  { keeper, newName }: Stage,
  body: object,
  use: (id: string, name: string) => Promise<void>,
): Promise<void> {
  const name = newName();
  const labelled = { ...body, Labels: { [LABEL]: '' } };
  const { Id } = await ask(keeper.hostGate, 201, 'POST', `/containers/create?name=${name}`, labelled);
  try {
    await use(Id, name);
  } finally {
    await ask(keeper.hostGate, 204, 'DELETE', `/containers/${Id}?force=1&v=1`);
  }
}

async function runs({ keeper }: Stage, id: string, says: RegExp): Promise<void> {
  await ask(keeper.hostGate, 204, 'POST', `/containers/${id}/start`);
  expect(await ask(keeper.hostGate, 200, 'POST', `/containers/${id}/wait`)).toMatchObject({ StatusCode: 0 });
  const said = await withClient(keeper.hostGate, async (client) => {
    client.send(head(`GET /v1.41/containers/${id}/logs?stdout=1&stderr=1`));
    return (await client.answer()).body;
  });
  expect(said).toMatch(says);
}

/** Containers, and bytes that go through them. */
export const MOVING: readonly Chore[] = [
  {
    does: 'a container without a socket',
    run: (stage) =>
      withContainer(stage, { Image: 'alpine', Cmd: ['echo', 'hello'] }, (id) => runs(stage, id, /hello\n$/)),
  },
  {
    does: 'a container with a socket',
    run(stage) {
      const HostConfig = { Binds: [`${SOCKET}:${SOCKET}`] };
      const Cmd = ['sh', '-c', 'docker ps -q && ! docker push made'];
      return withContainer(stage, { Image: 'docker:cli', Cmd, HostConfig }, (id) => runs(stage, id, /is blocked/));
    },
  },
  {
    does: 'a container that may have no socket',
    async run({ keeper }) {
      const body = { Image: 'alpine', HostConfig: { Binds: [`${SOCKET}:${SOCKET}`] } };
      const { message } = await ask(keeper.hostGate, 403, 'POST', '/containers/create', body);
      expect(message).toContain('image is not in the allowed list');
    },
  },
  {
    does: 'an exec that reads to the end of its input',
    async run({ keeper, printer, filtered }, random) {
      const socket = random.one([keeper.hostGate, filtered]);
      const body = { AttachStdin: true, AttachStdout: true, Cmd: ['sha1sum'] };
      const { Id } = await ask(socket, 201, 'POST', `/containers/${printer}/exec`, body);
      const input = randomBytes(random.below(512 * KIBIBYTE));
      const output = await withClient(socket, async (client) => {
        client.send(withBody(`POST /v1.41/exec/${Id}/start`, '{}', 'Content-Type: application/json', ...UPGRADE));
        expect(await client.until('\r\n\r\n')).toContain(' 101 ');
        client.socket.end(input);
        return client.rest();
      });
      expect(output).toContain(sha1(input));
    },
  },
  {
    does: 'an attached container that repeats',
    run: (stage, random) =>
      withContainer(stage, { Image: 'alpine', Cmd: ['cat'], OpenStdin: true, StdinOnce: true }, async (id) => {
        const input = 'typed\n'.repeat(1 + random.below(5000));
        const output = await withClient(stage.keeper.hostGate, async (client) => {
          client.send(head(`POST /v1.41/containers/${id}/attach?stream=1&stdin=1&stdout=1`, ...UPGRADE));
          expect(await client.until('\r\n\r\n')).toContain(' 101 ');
          await ask(stage.keeper.hostGate, 204, 'POST', `/containers/${id}/start`);
          client.socket.end(input);
          return client.rest();
        });
        expect(standardOutput(output)).toBe(input);
      }),
  },
  {
    does: 'logs that are followed for a while',
    run: ({ keeper, printer, filtered }, random) =>
      withClient(random.one([keeper.hostGate, filtered]), async (client) => {
        client.send(head(`GET /v1.41/containers/${printer}/logs?follow=1&stdout=1&tail=1`));
        const first = await numberedLine(client);
        for (let next = first + 1; next < first + 20; next += 1) expect(await numberedLine(client)).toBe(next);
      }),
  },
  {
    does: 'events of a container',
    run: (stage) =>
      withClient(stage.keeper.hostGate, async (client) => {
        client.send(head(`GET /v1.41/events?filters={"label":["${LABEL}"],"event":["create","destroy"]}`));
        await client.until('\r\n\r\n');
        let made = '';
        await withContainer(stage, { Image: 'alpine' }, async (id) => {
          made = id;
          await client.until(`{"status":"create","id":"${id}"`);
        });
        await client.until(`{"status":"destroy","id":"${made}"`);
      }),
  },
  {
    does: 'an image that is saved and loaded',
    run: ({ keeper }, random) =>
      withClient(keeper.hostGate, async (client) => {
        client.send(head('GET /v1.41/images/alpine/get'));
        const saved = Buffer.from((await client.answer()).body, 'latin1');
        const framing = random.one([`Content-Length: ${saved.length}`, 'Transfer-Encoding: chunked']);
        client.send(head('POST /v1.41/images/load?quiet=1', 'Content-Type: application/x-tar', framing));
        if (framing.startsWith('C')) client.send(saved);
        else for (const part of [`${saved.length.toString(16)}\r\n`, saved, '\r\n0\r\n\r\n']) client.send(part);
        expect((await client.answer('POST')).body).toContain('Loaded image: alpine:latest');
      }),
  },
  {
    does: 'a file that goes in and comes out',
    run: (stage, random) =>
      withContainer(stage, { Image: 'alpine' }, async (id) => {
        const content = randomBytes(random.below(2048 * KIBIBYTE));
        const archive = await tarOf('big', content);
        await withClient(stage.keeper.hostGate, async (client) => {
          client.send(head(`PUT /v1.41/containers/${id}/archive?path=/tmp`, `Content-Length: ${archive.length}`));
          client.send(archive);
          expect((await client.answer('PUT')).status).toBe(200);
          client.send(head(`GET /v1.41/containers/${id}/archive?path=/tmp/big`));
          const { body } = await client.answer();
          expect(sha1(Buffer.from(body, 'latin1').subarray(512, 512 + content.length))).toBe(sha1(content));
        });
      }),
  },
  {
    does: 'a body that is as large as is inspected, and one that is larger',
    async run({ keeper }) {
      const env = (bytes: number) => ({ Image: 'nothing:here', Env: [`A=${'x'.repeat(bytes)}`] });
      for (const [bytes, status] of [
        [3 * KIBIBYTE * KIBIBYTE, 404],
        [4 * KIBIBYTE * KIBIBYTE, 413],
      ] as const) {
        await withClient(keeper.hostGate, async (client) => {
          client.send(json('POST /v1.41/containers/create', env(bytes)));
          expect((await client.answer('POST')).status).toBe(status);
        });
      }
    },
  },
];
