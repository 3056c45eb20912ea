import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runOrThrow, SYSTEM_PATH } from '../../lab/command.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { heldNow, MEASURED } from '../../system/clients/soak/memory.ts';
import { ask, head, json, withBody } from '../../system/gate/raw-client.ts';
import { eventually, type Running, startLockkeeper } from '../../system/running.ts';

const MEBIBYTE = 1024 * 1024;
/** How much more than before the program may hold of memory once a flood is over. */
const MOST_GROWTH = 1.5;

let lab: Lab;
let keeper: Running;
let standing: string;
let before: number;
beforeAll(async () => {
  lab = await startLab({ name: 'abuse' });
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  keeper = await startLockkeeper(lab, { commands: ['push'] }, MEASURED);
  standing = keeper.standing.replace('unix://', '');
  // What it loads when it is first asked is none of a flood's.
  await ask(keeper.hostGate, head('GET /containers/json'));
  await flood(standing, 200, head('POST /images/x/push'), 'answered').then(leave);
  before = await holds();
});
afterAll(async () => {
  await keeper.stop();
  await lab.stop();
});

async function holds(): Promise<number> {
  const { heapUsed, external } = await heldNow(keeper);
  return heapUsed + external;
}

const flooding: Socket[] = [];
afterEach(() => leave(flooding.splice(0)));

/** Connects, and again while as many wait to be accepted as the system lets wait (EAGAIN). */
function connected(path: string): Promise<Socket> {
  return new Promise((resolve) => {
    const client = connect({ path });
    client.once('error', () => setImmediate(() => resolve(connected(path))));
    client.once('connect', () => {
      client.removeAllListeners('error').on('error', () => client.destroy());
      resolve(client);
    });
  });
}

/** Many clients that send the same; `answered`: until each has got something back, or was closed. */
async function flood(
  path: string,
  count: number,
  bytes: string | Buffer,
  until: 'answered' | 'sent',
): Promise<readonly Socket[]> {
  const clients: Socket[] = [];
  const answers: Promise<void>[] = [];
  for (let number = 0; number < count; number += 1) {
    const client = await connected(path);
    clients.push(client);
    flooding.push(client);
    answers.push(new Promise((resolve) => client.once('readable', resolve).once('close', resolve)));
    client.write(bytes);
  }
  if (until === 'answered') await Promise.all(answers);
  return clients;
}

function leave(clients: readonly Socket[]): void {
  for (const client of clients) client.destroy();
}

/** Others are served while it goes on, and afterwards nothing of it is left. */
async function survives(clients: readonly Socket[], path: string): Promise<void> {
  // Until the flood is accepted, the system lets nobody else wait (EAGAIN).
  const isServed = async () => (await ask(path, head('GET /_ping')).catch(() => undefined))?.status === 200;
  await eventually(isServed, 'somebody else is served');
  expect((await ask(keeper.hostGate, head('GET /containers/json'))).status).toBe(200);
  const files = readdirSync(`/proc/${keeper.pid}/fd`).length;
  expect(files).toBeLessThan(2 * 1000 + 200);
  leave(clients);
  await eventually(async () => (await keeper.status()).connections.open === 0, 'all connections are closed');
  expect((await holds()) / before).toBeLessThan(MOST_GROWTH);
  expect((await keeper.events()).filter(({ what }) => what === 'internal-error')).toEqual([]);
}

describe('a flood of', () => {
  test('5,000 idle connections', async () => {
    const clients = await flood(standing, 5000, '', 'sent');
    await eventually(async () => (await keeper.status()).connections.gaveWay >= 4000, 'the first 4,000 gave way');
    expect((await keeper.status()).connections.open).toBeLessThanOrEqual(1001);
    await survives(clients, standing);
    expect(
      (await keeper.events()).some(({ what, detail }) => what === 'alarm' && String(detail).includes(standing)),
    ).toBe(true);
  });

  test('3,000 heads that never end', async () => {
    const clients = await flood(standing, 3000, `GET / HTTP/1.1\r\nHost: d\r\nX: ${'a'.repeat(50_000)}`, 'sent');
    await survives(clients, standing);
  });

  test('100 heads of nearly 1 MiB', { timeout: 120_000 }, async () => {
    const fields = `X-Registry-Config: ${'a'.repeat(MEBIBYTE - 500)}`;
    await survives(await flood(standing, 100, head('POST /images/x/push', fields), 'answered'), standing);
  });

  test('answers that nobody reads', { timeout: 120_000 }, async () => {
    const clients = await flood(standing, 200, head('GET /images/alpine/get'), 'answered');
    expect((await holds()) / before).toBeLessThan(20);
    await survives(clients, standing);
  });

  test('20,000 refusals, beside which others keep their events', { timeout: 120_000 }, async () => {
    const HostConfig = { Binds: [`${lab.engineSocket}:/before-the-flood`] };
    const mine = await ask(
      keeper.hostGate,
      json('POST /containers/create?name=mine', { Image: 'alpine', HostConfig }),
      'POST',
    );
    expect(mine.status).toBe(403);
    for (let round = 0; round < 100; round += 1) {
      leave(await flood(standing, 200, head('POST /images/x/push'), 'answered'));
    }
    const { counters, listeners } = await keeper.status();
    expect(listeners.find(({ kind }) => kind === 'standing-socket')?.requests.refused).toBeGreaterThanOrEqual(20_000);
    expect(counters.refused).toBeGreaterThanOrEqual(20_000);
    const journal = readFileSync(join(keeper.state, 'journal.jsonl'), 'utf8');
    expect(journal.includes('/containers/create?name=mine')).toBe(true);
    expect(journal.split('/images/x/push').length).toBeGreaterThan(1000);
    expect(journal.length).toBeLessThan(32 * MEBIBYTE);
    await survives([], standing);
  });
});

describe('a create body', () => {
  const create = (body: string) =>
    ask(standing, withBody('POST /containers/create', body, 'Content-Type: application/json'));

  test('of 100 MiB is refused as it is announced, or once it is longer than it may be', async () => {
    const announced = await ask(standing, head('POST /containers/create', `Content-Length: ${100 * MEBIBYTE}`));
    expect(announced.status).toBe(413);
    const chunk = `100000\r\n${'a'.repeat(MEBIBYTE)}\r\n`;
    const clients = await flood(
      standing,
      4,
      head('POST /containers/create', 'Transfer-Encoding: chunked') + chunk.repeat(100),
      'answered',
    );
    await survives(clients, standing);
  });

  test.each([
    ['4 MiB deep', '['.repeat(4 * MEBIBYTE - 1)],
    ['of 4 MiB of values', `{"Image":"alpine","x":[${'0,'.repeat(2 * MEBIBYTE - 50)}0]}`],
    ['of 4 MiB of keys', `{${Array.from({ length: 200_000 }, (_, at) => `"key${at}":0`).join(',')},"Image":"none"}`],
    ['of one string of escapes', `{"Image":"${'\\u0061'.repeat(600_000)}"}`],
  ])('%s is answered', async (_, body) => {
    expect((await create(body)).status).toBeGreaterThanOrEqual(400);
    await survives([], standing);
  });
});

test('a process that has no file left goes on, and serves again when there are some', async () => {
  const limit = (files: number) =>
    runOrThrow('prlimit', ['--pid', String(keeper.pid), `--nofile=${files}:`], { env: SYSTEM_PATH });
  const { stdout } = await runOrThrow(
    'prlimit',
    ['--pid', String(keeper.pid), '--nofile', '--noheadings', '-o', 'SOFT'],
    { env: SYSTEM_PATH },
  );
  await limit(readdirSync(`/proc/${keeper.pid}/fd`).length + 50);
  const clients = await flood(standing, 300, head('GET /_ping'), 'answered');
  expect(readdirSync(`/proc/${keeper.pid}/fd`).length).toBeGreaterThan(50);
  leave(clients);
  await eventually(
    async () => (await ask(standing, head('GET /_ping')).catch(() => undefined))?.status === 200,
    'it serves again',
  );
  await limit(Number(stdout));
  await survives([], standing);
});

test('an attack does not show in an honest create', async () => {
  const answer = await ask(keeper.hostGate, json('POST /containers/create', { Image: 'alpine' }), 'POST');
  expect(answer.status).toBe(201);
  await lab.dockerOutput(['rm', JSON.parse(answer.body).Id]);
});
