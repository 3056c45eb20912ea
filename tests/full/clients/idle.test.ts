import { afterAll, beforeAll, expect, test } from 'vitest';
import { dockerCli, type Lab, startLab } from '../../lab/lab.ts';
import { clientEnvironment, type Way, waysTo } from '../../system/clients/both-ways.ts';
import { type Session, startSession } from '../../system/clients/terminal.ts';
import { dial, head } from '../../system/gate/raw-client.ts';
import { eventually, type Running, startLockkeeper } from '../../system/running.ts';

const PROGRAM = new URL('clock/lockkeeper.mjs', import.meta.url).pathname;
const REPEATER = 'echo ready; while read -r line; do [ "$line" = end ] && exit 3; echo "got $line"; done';
/** Says a line for each that a program in the container writes into the pipe, and has no input itself. */
const HEARER = 'mkfifo /pipe; echo ready; while :; do read -r line </pipe; echo "heard $line"; done';
const SOCKET = '/var/run/docker.sock';

let lab: Lab;
let keeper: Running;
let gate: Way;

beforeAll(async () => {
  lab = await startLab({ name: 'idle' });
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] }, PROGRAM);
  [, gate] = waysTo(lab, keeper);
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
});
afterAll(async () => {
  await keeper.stop();
  await lab.stop();
});

const docker = (...args: string[]): Session => {
  const { newest } = dockerCli();
  return startSession([newest, ...args], clientEnvironment(lab, gate, newest));
};

async function anHourPasses(): Promise<void> {
  process.kill(keeper.pid, 'SIGUSR2');
  await eventually(async () => /an hour later/.test(keeper.complaints()), 'the clock has moved', 60_000);
}

test('streams that are idle for an hour go on in both directions', { timeout: 180_000 }, async () => {
  await lab.dockerOutput(['run', '-d', '-i', '--name', 'repeater', 'alpine', 'sh', '-c', REPEATER]);
  await lab.dockerOutput(['run', '-d', '--name', 'hearer', 'alpine', 'sh', '-c', HEARER]);
  const attach = docker('attach', 'repeater');
  const exec = docker('exec', '-i', 'hearer', 'sh', '-c', REPEATER);
  const logs = docker('logs', '-f', 'hearer');
  const waiting = docker('wait', 'repeater');
  const events = docker('events', '--filter', 'event=kill', '--format', '{{.Action}}');
  const inside = docker('run', '--rm', '-v', `${SOCKET}:${SOCKET}`, 'docker:cli', 'docker', 'logs', '-f', 'hearer');
  // Its input has ended, and its output comes later.
  const ended = docker('run', '--rm', '-i', '--name', 'later', 'alpine', 'sh', '-c', `cat; ${HEARER}`);
  ended.endInput();
  attach.type('before\n');
  await attach.see(/got before\n/);
  for (const stream of [exec, logs, inside, ended]) await stream.see(/ready\n/);
  const kept = await dial(keeper.hostGate);
  kept.send(head('GET /_ping'));
  expect((await kept.answer()).body).toBe('OK');

  await anHourPasses();

  attach.type('after\n');
  await attach.see(/got after\n/);
  exec.type('after\n');
  await exec.see(/got after\n/);
  for (const name of ['hearer', 'later']) await lab.dockerOutput(['exec', name, 'sh', '-c', 'echo after >/pipe']);
  for (const stream of [logs, inside, ended]) await stream.see(/heard after\n/);
  kept.send(head('GET /_ping'));
  expect((await kept.answer()).body).toBe('OK');
  kept.destroy();
  for (const stream of [attach, exec]) stream.type('end\n');
  expect((await attach.ended).code).toBe(3);
  expect((await exec.ended).code).toBe(3);
  expect(await waiting.ended).toEqual({ code: 0, printed: '3\n' });
  await lab.dockerOutput(['kill', 'hearer', 'later']);
  await events.see(/kill\nkill\n/);
  events.signal('SIGKILL');
  expect((await logs.ended).code).toBe(0);
  expect((await inside.ended).code).toBe(0);
  expect((await ended.ended).code).toBe(137);
});
