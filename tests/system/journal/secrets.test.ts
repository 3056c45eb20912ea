import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';

const lab = attachLab(inject('lab'));
const secret = 's3cr3tV4lue';
const credentials = { username: 'ada', password: secret };
const encoded = Buffer.from(JSON.stringify(credentials)).toString('base64');
/** As a shell script makes it. */
const indented = Buffer.from(JSON.stringify(credentials, null, 2)).toString('base64url');
let keeper: Running;

beforeAll(async () => {
  const lockkeeper = { audit: { passes: true } };
  keeper = await startLockkeeper(lab, { commands: ['push', 'build', 'import'], lockkeeper });
});
afterAll(() => keeper.stop());

const headers = { 'X-Registry-Auth': encoded, Authorization: `Bearer ${secret}`, Cookie: `a=${secret}` };
const body = {
  Image: `https://ada:${secret}@registry.example.com/app`,
  Env: [`TOKEN=${secret}`],
  Labels: { password: secret },
  HostConfig: { Binds: ['/var/run/docker.sock:/s'] },
};
const requests = [
  ['POST', `/v1.40/images/app/push?tag=1&password=${secret}`],
  ['POST', `/v1.40/build?buildargs=${encodeURIComponent(JSON.stringify({ NPM_TOKEN: secret }))}`],
  ['POST', `/v1.40/build?remote=${encodeURIComponent(`https://ada:${secret}@git.example.com/a.git`)}`],
  ['POST', `/v1.40/images/create?fromSrc=https://ada:${secret}@example.com/root.tar&changes=ENV+A%3D${secret}`],
  ['POST', '/v1.40/containers/create'],
  ['GET', `/v1.40/containers/json?token=${secret}`],
  ['GET', `/v1.40/nowhere?X-Registry-Auth=${encoded}`],
  ['GET', `/v1.40/nowhere?q=${indented}`],
  ['GET', `/v1.40/nowhere%3Fpassword=${secret}`],
  ['GET', `/v1.40/containers/json?filters=${encodeURIComponent(JSON.stringify({ label: [`DB_PASS=${secret}`] }))}`],
] as const;

const broken = [
  `POST /v1.40/auth HTTP/1.1\r\nHost: d\r\nAuthorization Bearer ${secret}\r\n\r\n`,
  `POST http://ada:${secret}@d/v1.40/auth HTTP/1.1\r\nHost: d\r\n\r\n`,
  `{"password":"${secret}"} ${secret} ${secret}\r\n\r\n`,
];

/** Sends bytes and waits until the connection is over. */
function sendRaw(path: string, bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path, () => socket.end(bytes));
    socket.resume();
    socket.once('error', () => undefined);
    socket.once('close', () => resolve());
  });
}

it('no secret of a request reaches the file, the command line or the status', async () => {
  const ways = [keeper.hostGate, keeper.standing.replace('unix://', '')];
  for (const way of ways) {
    for (const [method, path] of requests) {
      await request(way, path, { method, headers, ...(method === 'POST' && { body }) });
    }
    for (const bytes of broken) await sendRaw(way, bytes);
  }
  const sent = ways.length * (requests.length + broken.length);
  const file = () => readFileSync(join(keeper.state, 'journal.jsonl'), 'utf8');
  const decisions = () =>
    file()
      .split('\n')
      .filter((line) => line.includes('"type":"decision"'));
  await eventually(async () => decisions().length >= sent, 'every request is in the file');
  const shown = [
    file(),
    ...(await Promise.all([keeper.cli('events'), keeper.cli('events', '--json'), keeper.cli('status', '--json')])).map(
      ({ stdout, stderr }) => stdout + stderr,
    ),
    keeper.complaints(),
  ];
  for (const text of shown) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(encoded.slice(0, 24));
    expect(text).not.toContain(indented.slice(0, 24));
  }
  expect(file()).toContain('buildargs=[redacted]');
});
