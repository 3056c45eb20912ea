import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AttachedLab, attachLab } from '../../lab/lab.ts';
import { request } from '../../lab/request.ts';
import { type OpenGate, openGate } from './open-gate.ts';
import { ask, dial, head, json, type RawClient, timeless, withBody } from './raw-client.ts';

const UPGRADE = ['Connection: Upgrade', 'Upgrade: tcp'] as const;
/** What precedes each piece of a container's standard output: stream, three zeros, the length (Engine API, attach). */
const STDOUT_HEADER = new RegExp(`${String.fromCharCode(1)}\\0{3}.{4}`, 's');

let lab: AttachedLab;
let gate: OpenGate;
const containers: string[] = [];
beforeAll(async () => {
  lab = attachLab(inject('lab'));
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  gate = await openGate(lab.engineUrl);
});
afterEach(async () => {
  if (containers.length > 0) await lab.dockerOutput(['rm', '-f', ...containers.splice(0)]);
  await gate.idle();
});
afterAll(async () => {
  await gate.close();
  expect(gate.failures).toEqual([]);
});

/** A container that reads its input once, created and not started; `tty` gives it a terminal. */
async function interactive(command: readonly string[], { tty = false } = {}): Promise<string> {
  const { body } = await request(lab.engineSocket, '/v1.41/containers/create', {
    method: 'POST',
    body: { Image: 'alpine', Cmd: command, OpenStdin: true, StdinOnce: true, Tty: tty },
  });
  const id: string = JSON.parse(body).Id;
  containers.push(id);
  return id;
}

async function start(id: string): Promise<void> {
  const { status } = await request(gate.path, `/v1.41/containers/${id}/start`, { method: 'POST' });
  expect(status).toBe(204);
}

const attachHead = (id: string, ...fields: readonly string[]): string =>
  head(`POST /v1.41/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`, ...fields);

describe('attach', () => {
  test.each([
    ['with an upgrade', UPGRADE, 101],
    ['without one', ['Content-Length: 0'], 200],
  ] as const)('%s: output comes after the end of the input', async (_, fields, status) => {
    const id = await interactive(['sh', '-c', 'n=$(wc -c); sleep 0.2; echo "after $n"; echo wrong >&2']);
    const client = await dial(gate.path);
    client.send(attachHead(id, ...fields));
    expect(await client.until('\r\n\r\n')).toContain(` ${status} `);
    await start(id);
    client.socket.end('x'.repeat(300_000));
    const output = await client.rest();
    // Docker's framing of the two streams (Engine API, "attach to a container").
    expect(output).toContain('\x01\0\0\0\0\0\0\x0dafter 300000\n');
    expect(output).toContain('\x02\0\0\0\0\0\0\x06wrong\n');
  });

  test('in the form of docker-modem, with a body on the upgrade request and input on its heels', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await interactive(['cat']);
      await start(id);
      const client = await dial(gate.path);
      client.send(
        withBody(
          `POST /v1.41/containers/${id}/attach?stream=1&stdin=1&stdout=1`,
          '{"stream":true,"stdin":true}',
          'Content-Type: application/json',
          ...UPGRADE,
        ),
      );
      client.send('ahead\n');
      await client.until('\r\n\r\n');
      client.socket.end('last\n');
      expect((await client.rest()).split(STDOUT_HEADER).join('')).toBe('ahead\nlast\n');
    }
  });

  test('brings the last output although input goes on for ever', async () => {
    const flooded = await openGate(lab.engineUrl);
    for (let round = 0; round < 5; round += 1) {
      const id = await interactive(['head', '-c', '3']);
      const client = await dial(flooded.path);
      client.send(attachHead(id, ...UPGRADE));
      await client.until('\r\n\r\n');
      await start(id);
      const stop = flood(client);
      const output = await untilOver(client);
      stop();
      expect(output).toContain('yes');
    }
    // The engine keeps such connections until it ends, also without us; the gate's end is another matter.
    await flooded.close();
    await flooded.idle();
  });

  test('follows the size of a terminal while it is attached', async () => {
    const id = await interactive(['sh'], { tty: true });
    const client = await dial(gate.path);
    client.send(attachHead(id, ...UPGRADE));
    await client.until('\r\n\r\n');
    await start(id);
    const resized = await request(gate.path, `/v1.41/containers/${id}/resize?h=33&w=77`, { method: 'POST' });
    expect(resized.status).toBe(200);
    client.send('stty size; exit\n');
    expect(await client.rest()).toContain('33 77');
    client.destroy();
  });

  test('over a websocket', async () => {
    const id = await interactive(['cat']);
    await start(id);
    const client = await dial(gate.path);
    client.send(
      head(
        `GET /v1.41/containers/${id}/attach/ws?stream=1&stdin=1&stdout=1`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Origin: http://docker',
      ),
    );
    const answer = await client.until('\r\n\r\n');
    expect(answer).toContain(' 101 ');
    expect(answer).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    // A text frame with a mask of zeros, which leaves the text as it is (RFC 6455 §5.2).
    client.send('\x81\x83\0\0\0\0hi\n');
    expect(await client.until('hi\n')).toBe('\x82\x03hi\n');
    client.destroy();
  });

  test('to what is not there: the engine’s own refusal, after which it closes', async () => {
    const bytes = attachHead('nosuch', ...UPGRADE, 'Content-Length: 0');
    const direct = await ask(lab.engineSocket, bytes);
    expect(direct.status).toBe(404);
    expect(timeless(await ask(gate.path, bytes))).toEqual(timeless(direct));
  });
});

describe('exec', () => {
  const prepare = async (...command: readonly string[]): Promise<string> => {
    const container = await lab.dockerOutput(['run', '-d', 'alpine', 'sleep', '1000']);
    containers.push(container);
    const created = await request(gate.path, `/v1.41/containers/${container}/exec`, {
      method: 'POST',
      body: { Cmd: command, AttachStdin: true, AttachStdout: true },
    });
    return JSON.parse(created.body).Id;
  };

  test.each([
    ['with an upgrade', UPGRADE, 101],
    ['without one', [], 200],
  ] as const)('start %s takes input to its end and gives the output after it', async (_, fields, status) => {
    const exec = await prepare('sh', '-c', 'cat; echo after');
    const client = await dial(gate.path);
    client.send(withBody(`POST /v1.41/exec/${exec}/start`, '{}', 'Content-Type: application/json', ...fields));
    expect(await client.until('\r\n\r\n')).toContain(` ${status} `);
    client.socket.end('input\n');
    const output = await client.rest();
    expect(output).toContain('input\n');
    expect(output).toContain('after\n');
  });

  test('start of what is not there stays HTTP, and the connection goes on', async () => {
    const client = await dial(gate.path);
    client.send(withBody('POST /v1.41/exec/nosuch/start', '{}', 'Content-Type: application/json', ...UPGRADE));
    expect((await client.answer('POST')).status).toBe(404);
    client.send(head('GET /_ping'));
    expect((await client.answer()).body).toBe('OK');
    client.destroy();
  });

  test('start without attaching is an ordinary answer', async () => {
    const exec = await prepare('true');
    const client = await dial(gate.path);
    client.send(json(`POST /v1.41/exec/${exec}/start`, { Detach: true }));
    expect((await client.answer('POST')).status).toBe(200);
    client.send(head('GET /_ping'));
    expect((await client.answer()).body).toBe('OK');
    client.destroy();
  });
});

describe('BuildKit’s ways in', () => {
  const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  const EMPTY_SETTINGS = '\0\0\0\x04\0\0\0\0\0';

  test('/session: the engine opens HTTP/2 towards the client', async () => {
    const client = await dial(gate.path);
    const names = ['X-Docker-Expose-Session-Uuid: gate', 'X-Docker-Expose-Session-Name: gate'];
    client.send(head('POST /session', 'Connection: Upgrade', 'Upgrade: h2c', ...names));
    expect(await client.until('\r\n\r\n')).toContain(' 101 ');
    await client.until(PREFACE);
    client.destroy();
  });

  test('/grpc: the client opens HTTP/2 towards the engine, also with the first bytes', async () => {
    const client = await dial(gate.path);
    client.send(`${head('POST /grpc', 'Upgrade: h2c')}`);
    expect(await client.until('\r\n\r\n')).toContain(' 101 ');
    client.send(PREFACE + EMPTY_SETTINGS);
    // The engine's own SETTINGS frame, and its acknowledgement of ours (RFC 9113 §6.5).
    await client.until('\0\0\0\x04\x01\0\0\0\0');
    client.destroy();
  });
});

test('the docker client: input with an end, output after it, the exit code', async () => {
  const run = ['run', '--rm', '-i', 'alpine', 'sh', '-c', 'cat; sleep 0.2; echo after; exit 3'];
  const result = await lab.docker(run, { host: gate.url, stdin: 'input\n' });
  expect(result).toEqual({ code: 3, stdout: 'input\nafter\n', stderr: '' });
});

/** Sends without end until told to stop. */
function flood(client: RawClient): () => void {
  const block = Buffer.from('yes\n'.repeat(16_384));
  let going = true;
  client.socket.on('error', () => {
    going = false;
  });
  const more = () => {
    if (going && client.socket.writable) client.socket.write(block, more);
  };
  more();
  return () => {
    going = false;
    client.destroy();
  };
}

/** What came until the connection was over in whatever way, as a program that floods its peer sees it. */
async function untilOver(client: RawClient): Promise<string> {
  return client.rest().catch((error: unknown) => String(error));
}
