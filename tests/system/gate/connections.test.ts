import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../../lab/lab.ts';
import { request } from '../../lab/request.ts';
import { type OpenGate, openGate } from './open-gate.ts';
import { ask, dial, head } from './raw-client.ts';

let lab: Lab;
let gate: OpenGate;
beforeAll(async () => {
  lab = await startLab({ name: 'gate' });
  gate = await openGate(lab.engineUrl);
});
afterAll(async () => {
  await gate.idle();
  await gate.close();
  await lab.stop();
  expect(gate.failures).toEqual([]);
});

test('500 clients at once, each with requests of its own', async () => {
  const clients = await Promise.all(Array.from({ length: 500 }, () => dial(gate.path)));
  // No version: for each of those the engine starts three programs.
  const requests = [head('GET /_ping'), head('GET /v1.41/images/nosuch/json'), head('GET /v1.41/volumes')];
  for (const bytes of requests) for (const client of clients) client.send(bytes);
  const answers = await Promise.all(
    clients.map(async (client) => {
      const statuses: number[] = [];
      for (const _ of requests) statuses.push((await client.answer()).status);
      return statuses.join(' ');
    }),
  );
  expect(new Set(answers)).toEqual(new Set(['200 404 200']));
  expect(gate.engineConnections()).toBe(500);
  for (const client of clients) client.destroy();
  await gate.idle();
});

test('an engine that stops, is away and comes back, under one gate', async () => {
  const idle = await dial(gate.path);
  idle.send(head('GET /_ping'));
  await idle.answer();
  const follows = await dial(gate.path);
  follows.send(head('GET /v1.41/events'));
  await follows.until('\r\n\r\n');

  await lab.stopEngine('SIGKILL');
  expect(await idle.rest()).toBe('');
  expect(await follows.rest()).toBe('');
  idle.destroy();
  follows.destroy();
  await gate.idle();

  const answer = await ask(gate.path, head('GET /v1.41/info'));
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.body).message).toContain('the Docker engine cannot be reached');
  const { code, stderr } = await lab.docker(['ps'], { host: gate.url });
  expect(code).toBe(1);
  expect(stderr).toContain('lockkeeper: the Docker engine cannot be reached');
  expect(stderr).toContain('is it running?');

  await lab.startEngine();
  expect((await request(gate.path, '/_ping')).body).toBe('OK');
  await lab.dockerOutput(['images'], { host: gate.url });
});
