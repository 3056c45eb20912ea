import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';

const lab = attachLab(inject('lab'));
const LABEL = 'test=many';
const MANY = 20;
const names = (prefix: string) => Array.from({ length: MANY }, (_, index) => `${prefix}-${index}`);
let keeper: Running;

beforeAll(async () => {
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
});
afterEach(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${LABEL}`]);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
  await eventually(async () => records().length === 0, 'nothing is left');
});
afterAll(() => keeper.stop());

const body = {
  Image: 'docker:cli',
  Cmd: ['sleep', '600'],
  Labels: { test: 'many' },
  HostConfig: { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] },
};
const create = (name: string) =>
  request(keeper.hostGate, `/v1.41/containers/create?name=${name}`, { method: 'POST', body });
const stored = (folder: string) => readdirSync(join(keeper.state, folder));
const records = () => stored('holders').filter((name) => name.endsWith('.json'));
const containers = async () => {
  const listed = await lab.dockerOutput(['ps', '-a', '--filter', `label=${LABEL}`, '--format', '{{.Names}}']);
  return listed === '' ? [] : listed.split('\n');
};

it(`gives each of ${MANY} containers that are created at once a socket, and one name to one of them`, async () => {
  const wanted = names('many');
  const answers = await Promise.all([...wanted, ...wanted].map(create));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect({ created: count(201), taken: count(409) }).toEqual({ created: MANY, taken: MANY });
  expect((await containers()).sort()).toEqual([...wanted].sort());
  expect(records()).toHaveLength(MANY);
  expect(stored('holders')).toHaveLength(MANY);
  expect(stored('sockets')).toHaveLength(MANY);
  await lab.dockerOutput(['start', 'many-7'], { host: keeper.url });
  expect(await lab.docker(['exec', 'many-7', 'docker', 'ps', '-q'])).toMatchObject({ code: 0 });
});

it(`is killed in the middle of ${MANY} creates: each is there whole, or not at all and can be asked again`, async () => {
  const wanted = names('cut');
  let answered = 0;
  const asked = wanted.map(async (name) => {
    const answer = await create(name).catch(() => undefined);
    answered += 1;
    if (answered === 5) await keeper.kill('SIGKILL');
    return { name, status: answer?.status };
  });
  const done = (await Promise.all(asked)).filter(({ status }) => status === 201).map(({ name }) => name);
  await keeper.restart();
  expect(done.length).toBeGreaterThanOrEqual(5);
  // The engine may still have been at work on some of them.
  await eventually(async () => records().length === (await containers()).length, 'each has its record');
  const there = await containers();
  expect(done.filter((name) => !there.includes(name))).toEqual([]);
  const missing = wanted.filter((name) => !there.includes(name));
  expect((await Promise.all(missing.map(create))).map(({ status }) => status)).toEqual(missing.map(() => 201));
  await eventually(async () => records().length === MANY && (await containers()).length === MANY, 'all are there');
  expect((await lab.docker(['start', ...wanted.slice(0, 3)], { host: keeper.url })).stderr).toBe('');
  // Of creates of which the engine never got to know, the notes stay for a while.
  const folders = stored('sockets').filter((key) => !stored('holders').includes(`${key}.reserved`));
  expect(folders.sort()).toEqual(
    records()
      .map((name) => name.replace('.json', ''))
      .sort(),
  );
});
