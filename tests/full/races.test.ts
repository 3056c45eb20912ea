import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, request, startLab } from '../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../system/running.ts';

const MANY = 200;
let lab: Lab;
let keeper: Running;
beforeAll(async () => {
  lab = await startLab({ name: 'races' });
  for (const image of ['docker:cli', 'alpine']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
});
afterAll(async () => {
  await keeper.stop();
  await lab.stop();
});

test(`${MANY} creates at once, half of which may not have a socket: each gets what is its due`, {
  timeout: 500_000,
}, async () => {
  const HostConfig = { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] };
  const create = (number: number) =>
    request(keeper.hostGate, `/v1.41/containers/create?name=race-${number}`, {
      method: 'POST',
      body: { Image: number % 2 === 0 ? 'docker:cli' : 'alpine', Cmd: ['sleep', '600'], HostConfig },
    });
  const answers = await Promise.all(Array.from({ length: MANY }, (_, number) => create(number)));
  expect(answers.map(({ status }) => status)).toEqual(
    Array.from({ length: MANY }, (_, number) => (number % 2 === 0 ? 201 : 403)),
  );
  const sources = await lab
    .dockerOutput(['ps', '-aq', '--no-trunc'])
    .then((ids) =>
      lab.dockerOutput(['inspect', '-f', '{{range .Mounts}}{{.Source}}{{"\\n"}}{{end}}', ...ids.split('\n')]),
    );
  const mounted = sources.split('\n').filter((line) => line !== '');
  expect(new Set(mounted).size).toBe(MANY / 2);
  expect(mounted.filter((source) => !source.startsWith(join(keeper.state, 'sockets')))).toEqual([]);
  expect(readdirSync(join(keeper.state, 'holders'))).toHaveLength(MANY / 2);
  for (const name of ['race-0', 'race-198']) {
    expect((await request(keeper.hostGate, `/v1.41/containers/${name}/start`, { method: 'POST' })).status).toBe(204);
    expect(await lab.docker(['exec', name, 'docker', 'ps', '-q'])).toMatchObject({ code: 0 });
  }
  const ids = await lab.dockerOutput(['ps', '-aq']);
  await lab.dockerOutput(['rm', '-f', ...ids.split('\n')], { timeoutMs: 300_000 });
  await eventually(async () => readdirSync(join(keeper.state, 'holders')).length === 0, 'nothing is left', 300_000);
});
