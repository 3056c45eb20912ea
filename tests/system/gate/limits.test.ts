import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type AttachedLab, attachLab } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { ask, dial, head, json, type RawClient, withBody } from './raw-client.ts';

const MEBIBYTE = 1024 * 1024;
const FEW = 16;

let lab: AttachedLab;
let keeper: Running;
let standing: string;
const held: RawClient[] = [];
beforeAll(async () => {
  lab = attachLab(inject('lab'));
  keeper = await startLockkeeper(lab, { lockkeeper: { limits: { connectionsPerSocket: FEW } } });
  standing = keeper.standing.replace('unix://', '');
});
afterAll(async () => {
  for (const client of held) client.destroy();
  await keeper.stop();
});

const limit = (limits: object) => keeper.apply({ lockkeeper: { limits } });
/** The engine does not have the image, which only it can say. */
const create = (size: number) => {
  const body = JSON.stringify({ Image: 'nobody-has-this', Labels: { x: 'a'.repeat(size) } });
  return ask(standing, withBody('POST /containers/create', body, 'Content-Type: application/json'), 'POST');
};
const refused = async (reason: string) => (await keeper.status()).counters.refusedBy[reason] ?? 0;

test('a body beyond the limit is refused with nothing forwarded, and the limit moves without a restart', async () => {
  expect((await create(1.5 * MEBIBYTE)).status).toBe(404);
  await limit({ inspectedBodyMegabytes: 1 });
  const answer = await create(1.5 * MEBIBYTE);
  expect(answer.status).toBe(413);
  expect(answer.body).toContain(`larger than the ${MEBIBYTE} bytes that are inspected`);
  expect((await create(0.9 * MEBIBYTE)).status).toBe(404);
  await limit({ inspectedBodyMegabytes: 8 });
  expect((await create(7 * MEBIBYTE)).status).toBe(404);
  expect((await create(9 * MEBIBYTE)).status).toBe(413);
  expect(await refused('body-too-large')).toBe(2);
});

test('connections beyond the limit are turned away, until the policy allows more', async () => {
  await limit({ connectionsPerSocket: FEW });
  const stream = async () => {
    const client = await dial(standing);
    held.push(client);
    client.send(head('GET /events'));
    return (await client.until('\r\n\r\n')).slice(9, 12);
  };
  for (let number = 0; number < FEW; number += 1) expect(await stream()).toBe('200');
  expect((await ask(standing, head('GET /_ping'))).status).toBe(503);
  expect((await ask(keeper.hostGate, head('GET /_ping'))).status).toBe(200);
  await limit({ connectionsPerSocket: FEW + 1 });
  expect(await stream()).toBe('200');
  expect((await ask(standing, head('GET /_ping'))).status).toBe(503);
  await limit({ connectionsPerSocket: FEW });
  held.shift()?.destroy();
  await eventually(async () => (await keeper.status()).connections.open <= FEW, 'one stream is over');
  expect((await ask(standing, head('GET /_ping'))).status).toBe(503);
  for (const client of held.splice(0)) client.destroy();
  await eventually(async () => (await ask(standing, head('GET /_ping'))).status === 200, 'there is a place again');
  expect((await keeper.status()).connections.turnedAway).toBeGreaterThanOrEqual(3);
});

test.each<[string, string, number, string]>([
  ['a head of more than 1 MiB', head('GET /_ping', `X-A: ${'a'.repeat(MEBIBYTE)}`), 431, 'head-too-large'],
  ['10,001 parameters', head(`GET /containers/json?${'&'.repeat(10_000)}`), 414, 'head-too-large'],
  ['trailers of more than 64 KiB', trailers(`X: ${'a'.repeat(65_536)}`), 431, 'head-too-large'],
  ['201 lists in each other', json('POST /containers/create', nested(201)), 413, 'body-too-large'],
  ['500,001 values', json('POST /containers/create', { x: Array(500_000).fill(0) }), 413, 'body-too-large'],
])('%s: refused with its status, and counted by its reason', async (_, bytes, status, reason) => {
  const before = await refused(reason);
  expect((await ask(standing, bytes, 'POST')).status).toBe(status);
  expect(await refused(reason)).toBe(before + 1);
});

test('what was beyond a limit is told', async () => {
  expect((await keeper.cli('status')).stdout).toMatch(
    /beyond limits +\d+ .* [1-9]\d* turned away, [1-9]\d* requests too/,
  );
  expect((await keeper.cli('doctor')).stdout).toMatch(/note +Limits: Since Lockkeeper started, .* were turned away/);
});

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce((inner: unknown) => [inner], 0);
}

function trailers(field: string): string {
  return `${head('POST /containers/create', 'Transfer-Encoding: chunked')}2\r\n{}\r\n0\r\n${field}\r\n\r\n`;
}
