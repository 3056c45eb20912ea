import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AttachedLab, attachLab } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { type OpenGate, openGate } from './open-gate.ts';
import { dial, head, type RawClient } from './raw-client.ts';
import { recordingEngine } from './recording-engine.ts';

const MEBIBYTE = 1024 * 1024;
const SIZE = 1024 * MEBIBYTE;
/** What the whole process, with the test's own client in it, may grow by: a small part of what goes through. */
const MOST_GROWTH = 150 * MEBIBYTE;
/** What sockets and their buffers hold between two ends of which one has stopped. */
const MOST_IN_FLIGHT = 8 * MEBIBYTE;

let lab: AttachedLab;
let gate: OpenGate;
let container: string;
beforeAll(async () => {
  lab = attachLab(inject('lab'));
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  container = await lab.dockerOutput(['create', 'alpine']);
  gate = await openGate(lab.engineUrl);
});
afterAll(async () => {
  await gate.idle();
  await gate.close();
  await lab.dockerOutput(['rm', '-f', container]);
  expect(gate.failures).toEqual([]);
});

/** A gibibyte in which no two blocks are alike, so that a lost, doubled or swapped piece changes the hash. */
function* content(onBlock: (block: Buffer) => void): Generator<Buffer> {
  const noise = randomBytes(MEBIBYTE);
  for (let at = 0; at < SIZE; at += MEBIBYTE) {
    const block = Buffer.from(noise);
    block.writeUInt32LE(at / MEBIBYTE, 0);
    onBlock(block);
    yield block;
  }
}

/** Runs something and resolves with the most that the process grew meanwhile. */
async function growthDuring(run: () => Promise<void>): Promise<number> {
  global.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  await run().finally(() => clearInterval(sampling));
  return most - before;
}

function send(path: string, method: string, body?: Readable): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ socketPath: gate.path, path, method, agent: false }, resolve);
    outgoing.on('error', reject);
    if (body === undefined) outgoing.end();
    else pipeline(body, outgoing).catch(reject);
  });
}

describe('a gibibyte', () => {
  const sent = createHash('sha1');
  let expected: string;

  test('goes up whole, at constant memory', { timeout: 120_000 }, async () => {
    const growth = await growthDuring(async () => {
      const pack = tar.pack();
      const filled = pipeline(
        Readable.from(content((block) => sent.update(block))),
        pack.entry({ name: 'big', size: SIZE }, () => pack.finalize()),
      );
      const answer = await send(`/v1.41/containers/${container}/archive?path=/`, 'PUT', Readable.from(pack));
      await filled;
      answer.resume();
      expect(answer.statusCode).toBe(200);
    });
    expected = sent.digest('hex');
    expect(growth).toBeLessThan(MOST_GROWTH);
  });

  test('comes down whole, at constant memory', { timeout: 120_000 }, async () => {
    const received = createHash('sha1');
    const growth = await growthDuring(async () => {
      const answer = await send(`/v1.41/containers/${container}/archive?path=/big`, 'GET');
      const extract = answer.pipe(tar.extract());
      for await (const entry of extract)
        for await (const bytes of entry as AsyncIterable<Buffer>) received.update(bytes);
    });
    expect(received.digest('hex')).toBe(expected);
    expect(growth).toBeLessThan(MOST_GROWTH);
  });

  test('that the client does not read stays with the engine', async () => {
    const client = await dial(gate.path);
    client.socket.pause();
    client.send(head(`GET /v1.41/containers/${container}/archive?path=/big`));
    await eventually(async () => gate.bytesFromEngine() > MEBIBYTE / 4, 'the download has begun');
    expect(await settled(() => gate.bytesFromEngine())).toBeLessThan(MOST_IN_FLIGHT);
    client.destroy();
    await gate.idle();
  });
});

describe('an engine that reads slowly, or not at all', () => {
  test.each([
    ['a body', 'PUT /v1.41/containers/x/archive', `Content-Length: ${SIZE}`],
    ['a chunked body', 'PUT /v1.41/containers/x/archive', 'Transfer-Encoding: chunked'],
    ['a hijacked stream', 'POST /v1.41/containers/x/attach', 'Upgrade: tcp'],
  ])('has %s wait at the client', async (_, line, framing) => {
    const engine = await recordingEngine((bytes, socket) => {
      socket.pause();
      if (bytes.includes('Upgrade: tcp')) socket.write('HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n');
    });
    const before = await openGate(engine.url);
    const client = await dial(before.path);
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MEBIBYTE), Buffer.from('\r\n')]);
    client.send(head(line, framing));
    const stop = pour(client, chunk);
    expect(await settled(() => client.socket.bytesWritten - client.socket.writableLength)).toBeLessThan(MOST_IN_FLIGHT);
    stop();
    client.destroy();
    await before.close();
    await before.idle();
    await engine.close();
  });

  test('gets all of it in the end', async () => {
    let received = 0;
    const engine = await recordingEngine((bytes, socket) => {
      received += bytes.length;
      socket.pause();
      setImmediate(() => socket.resume());
    });
    const before = await openGate(engine.url);
    const client = await dial(before.path);
    const request = head('PUT /v1.41/containers/x/archive', `Content-Length: ${32 * MEBIBYTE}`);
    client.send(request);
    client.send(Buffer.alloc(32 * MEBIBYTE));
    await eventually(async () => received === request.length + 32 * MEBIBYTE, 'all has arrived');
    client.destroy();
    await before.close();
    await engine.close();
  });
});

/** Sends a chunk again and again, as fast as the other side takes it. */
function pour(client: RawClient, chunk: Buffer): () => void {
  let going = true;
  const more = () => {
    if (going) client.socket.write(chunk, more);
  };
  more();
  return () => {
    going = false;
  };
}

/** The number once it has stopped growing: nothing has moved for a while on an otherwise idle path. */
async function settled(read: () => number): Promise<number> {
  let last = -1;
  let same = 0;
  await eventually(async () => {
    const now = read();
    same = now === last && now > 0 ? same + 1 : 0;
    last = now;
    return same === 20;
  }, 'the stream has come to rest');
  return last;
}
