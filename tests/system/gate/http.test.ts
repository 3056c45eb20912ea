import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AttachedLab, attachLab } from '../../lab/lab.ts';
import { collectAll, type OpenGate, openGate, refusing } from './open-gate.ts';
import { ask, dial, field, head, json, type RawAnswer, timeless, untilRead, withBody } from './raw-client.ts';

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

const both = async (bytes: string, method = 'GET'): Promise<{ direct: RawAnswer; through: RawAnswer }> => ({
  direct: timeless(await ask(lab.engineSocket, bytes, method)),
  through: timeless(await ask(gate.path, bytes, method)),
});

/** An empty tar archive, as docker cp and build take it. */
const EMPTY_TAR = '\0'.repeat(1024);
const chunked = (...chunks: readonly string[]): string =>
  [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');

describe('an answer is the same as without the gate', () => {
  test.each([
    ['a short one', head('GET /_ping'), 'GET', 200],
    ['HEAD', head('HEAD /_ping'), 'HEAD', 200],
    ['JSON', head('GET /v1.41/version'), 'GET', 200],
    ['HEAD of what is not there', head('HEAD /v1.41/containers/nosuch/archive?path=/'), 'HEAD', 404],
    ['an unknown route', head('GET /v1.41/nosuch'), 'GET', 404],
    ['an API version that is too new', head('GET /v9.99/version'), 'GET', 400],
    ['an error with a body', json('POST /v1.41/containers/create', { Image: 'nosuch:image' }), 'POST', 404],
    ['a body that the engine refuses', withBody('POST /v1.41/containers/create', '{'), 'POST', 400],
    ['a wrong content type', withBody('POST /v1.41/containers/create', 'x', 'Content-Type: text/plain'), 'POST', 400],
    ['a body on GET', withBody('GET /_ping', 'hi'), 'GET', 200],
    ['connection close', head('GET /_ping', 'Connection: close'), 'GET', 200],
    ['a name with an encoded slash', head('GET /v1.41/images/no%2Fsuch%3Alatest/json'), 'GET', 404],
  ])('%s', async (_, bytes, method, status) => {
    const { direct, through } = await both(bytes, method);
    expect(direct.status).toBe(status);
    expect(through).toEqual(direct);
  });

  test('204 and 304 have no body, and the connection goes on', async () => {
    const id = await lab.dockerOutput(['create', '--pull', 'always', 'alpine', 'sleep', '1000']);
    const client = await dial(gate.path);
    for (const [action, status] of [
      ['start', 204],
      ['start', 304],
      ['kill', 204],
    ] as const) {
      client.send(head(`POST /v1.41/containers/${id}/${action}`, 'Content-Length: 0'));
      expect((await client.answer('POST')).status).toBe(status);
    }
    client.destroy();
    await lab.dockerOutput(['rm', '-f', id]);
  });

  test('a chunked download with its chunks as the engine made them', async () => {
    await lab.dockerOutput(['pull', '-q', 'alpine']);
    const { direct, through } = await both(head('GET /v1.41/images/alpine/get'));
    expect(field(through.head, 'transfer-encoding')).toBe('chunked');
    expect(through.head).toEqual(direct.head);
    expect(through.body.length).toBe(direct.body.length);
  });

  test('an answer that ends with the connection', async () => {
    const id = await lab.dockerOutput(['run', '-d', 'alpine', 'echo', 'said']);
    await lab.dockerOutput(['wait', id]);
    // Without an upgrade the engine answers 200 with no framing and then sends the stream.
    const bytes = head(`POST /v1.41/containers/${id}/attach?logs=1&stdout=1`, 'Content-Length: 0');
    const { direct, through } = await both(bytes, 'POST');
    expect(through.body).toContain('said');
    expect(through).toEqual(direct);
    await lab.dockerOutput(['rm', '-f', id]);
  });
});

describe('one connection', () => {
  test('carries many requests, without growing listeners', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => void warnings.push(warning);
    process.on('warning', warned);
    const client = await dial(gate.path);
    for (let round = 0; round < 500; round += 1) {
      client.send(round % 2 === 0 ? head('GET /_ping') : json('POST /v1.41/containers/create', { Image: 'nosuch:a' }));
      expect((await client.answer()).status).toBe(round % 2 === 0 ? 200 : 404);
    }
    expect(gate.engineConnections()).toBe(1);
    client.destroy();
    await gate.idle();
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });

  test('answers pipelined requests in their order, with a refusal of ours in the middle', async () => {
    const strict = await openGate(lab.engineUrl, refusing(/forbidden/));
    const client = await dial(strict.path);
    const requests = [
      head('GET /_ping'),
      head('GET /forbidden'),
      json('POST /v1.41/containers/create', { Image: 'nosuch:b' }),
      head('HEAD /forbidden'),
      head('HEAD /_ping'),
      head('GET /v1.41/version'),
    ];
    client.send(requests.join(''));
    const statuses: number[] = [];
    for (const method of ['GET', 'GET', 'POST', 'HEAD', 'HEAD', 'GET']) {
      statuses.push((await client.answer(method)).status);
    }
    expect(statuses).toEqual([200, 403, 404, 403, 200, 200]);
    client.destroy();
    await strict.idle();
    await strict.close();
  });

  test('takes requests in pieces of one byte, cut anywhere', async () => {
    const client = await dial(gate.path);
    client.socket.setNoDelay(true);
    const bytes = `${json('POST /v1.41/containers/create', { Image: 'nosuch:c' })}${head('GET /_ping')}`;
    for (const byte of bytes) {
      client.send(byte);
      await untilRead();
    }
    expect((await client.answer('POST')).status).toBe(404);
    expect((await client.answer()).status).toBe(200);
    client.destroy();
  });

  test('closes after an answer when the client asks for it, and says so', async () => {
    for (const path of [lab.engineSocket, gate.path]) {
      const client = await dial(path);
      client.send(head('GET /_ping', 'Connection: close') + head('GET /v1.41/version'));
      const answer = await client.answer();
      expect(field(answer.head, 'connection')).toBe('close');
      expect(await client.rest()).toBe('');
      client.destroy();
    }
  });

  test('ends with the client: half-closed after a request, it still gets the answer', async () => {
    for (const path of [lab.engineSocket, gate.path]) {
      const client = await dial(path);
      client.send(head('GET /v1.41/images/json'));
      client.socket.end();
      expect((await client.answer()).status).toBe(200);
      expect(await client.rest()).toBe('');
    }
    await gate.idle();
  });

  test('that ends in the middle of a head or of a body leaves nothing behind', async () => {
    const create = head('POST /v1.41/containers/create', 'Content-Type: application/json', 'Content-Length: 100');
    for (const bytes of ['GET /_pi', `${create}{"Image":`, `${head('GET /_ping')}GET`]) {
      const client = await dial(gate.path);
      client.send(bytes);
      client.socket.end();
      await client.rest();
    }
    await gate.idle();
  });
});

describe('a body', () => {
  let id: string;
  beforeAll(async () => {
    id = await lab.dockerOutput(['create', 'alpine']);
  });
  afterAll(() => lab.dockerOutput(['rm', '-f', id]).then(() => undefined));
  const upload = (...fields: readonly string[]) =>
    head(`PUT /v1.41/containers/${id}/archive?path=/`, 'Content-Type: application/x-tar', ...fields);

  test('goes up in chunks, with trailers, and the connection goes on', async () => {
    const client = await dial(gate.path);
    const body = chunked(EMPTY_TAR.slice(0, 100), EMPTY_TAR.slice(100)).replace(/\r\n$/, 'X-Sum: 1\r\n\r\n');
    client.send(`${upload('Transfer-Encoding: chunked', 'Trailer: X-Sum')}${body}${head('GET /_ping')}`);
    expect((await client.answer('PUT')).status).toBe(200);
    expect((await client.answer()).body).toBe('OK');
    client.destroy();
  });

  test('waits for the 100 of the engine, which is relayed', async () => {
    for (const path of [lab.engineSocket, gate.path]) {
      const client = await dial(path);
      client.send(upload(`Content-Length: ${EMPTY_TAR.length}`, 'Expect: 100-continue'));
      expect(await client.answer('PUT')).toEqual({
        status: 100,
        head: ['HTTP/1.1 100 Continue'],
        body: '',
        trailers: '',
      });
      client.send(EMPTY_TAR);
      expect((await client.answer('PUT')).status).toBe(200);
      client.destroy();
    }
  });

  test('is not asked for when the engine answers without it', async () => {
    for (const path of [lab.engineSocket, gate.path]) {
      const client = await dial(path);
      client.send(head('PUT /v1.41/containers/nosuch/archive?path=/', 'Content-Length: 10', 'Expect: 100-continue'));
      const answer = await client.answer('PUT');
      expect(answer.status).toBe(404);
      expect(field(answer.head, 'connection')).toBe('close');
      // Go waits for a body that nobody asked for; the client's end releases it.
      client.socket.end();
      expect(await client.rest()).toBe('');
    }
  });

  test('gets our 100 when it is inspected, once, and none when there is none', async () => {
    const inspecting = await openGate(lab.engineUrl, collectAll);
    const client = await dial(inspecting.path);
    const expecting = (length: number) =>
      head(
        'POST /v1.41/containers/create',
        'Content-Type: application/json',
        `Content-Length: ${length}`,
        'Expect: 100-continue',
      );
    client.send(expecting(21));
    expect((await client.answer('POST')).status).toBe(100);
    client.send('{"Image":"nosuch:dd"}');
    expect((await client.answer('POST')).status).toBe(404);
    client.send(expecting(0));
    expect((await client.answer('POST')).status).toBeGreaterThanOrEqual(400);
    client.destroy();
    await inspecting.idle();
    await inspecting.close();
  });

  test('that was inspected goes on with its length, byte for byte', async () => {
    const inspecting = await openGate(lab.engineUrl, collectAll);
    const create = '{"Image" : "alpine", "Labels":{"n":"\\u0061é9007199254740993"}}';
    const bytes = `${head('POST /v1.41/containers/create', 'Transfer-Encoding: chunked', 'Content-Type: application/json')}`;
    const utf8 = Buffer.from(create).toString('latin1');
    const client = await dial(inspecting.path);
    client.send(`${bytes}${chunked(utf8.slice(0, 7), utf8.slice(7))}${head('GET /_ping')}`);
    const answer = await client.answer('POST');
    expect(answer.status).toBe(201);
    expect((await client.answer()).body).toBe('OK');
    const created = JSON.parse(answer.body).Id;
    expect(await lab.dockerOutput(['inspect', '-f', '{{.Config.Labels.n}}', created])).toBe('aé9007199254740993');
    await lab.dockerOutput(['rm', created]);
    client.destroy();
    await inspecting.idle();
    await inspecting.close();
  });
});
