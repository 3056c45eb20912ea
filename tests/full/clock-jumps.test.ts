import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../system/running.ts';

const PROGRAM = new URL('clients/clock/jumping.mjs', import.meta.url).pathname;
const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';
const YEAR = new Date().getUTCFullYear();

let lab: Lab;
let keeper: Running;
beforeAll(async () => {
  lab = await startLab({ name: 'jumps' });
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, { locked: false, images: ['docker:cli'], commands: ['push'] }, PROGRAM);
  expect(await docker('run', '-d', '--name', 'old', '-v', SOCKET, 'docker:cli', 'sleep', '600')).toMatchObject({
    code: 0,
  });
});
afterAll(async () => {
  await keeper?.stop();
  await lab?.stop();
});

const docker = (...args: string[]) => lab.docker(args, { host: keeper.url });

async function setClock(): Promise<void> {
  const before = keeper.complaints().split('clock: it is').length;
  process.kill(keeper.pid, 'SIGUSR2');
  await eventually(async () => keeper.complaints().split('clock: it is').length > before, 'the clock is set');
}

async function goesOn(): Promise<void> {
  expect(await docker('create', '-v', SOCKET, 'docker:cli')).toMatchObject({ code: 0 });
  const refused = await docker('create', '-v', SOCKET, 'alpine');
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('image is not in the allowed list');
  const inside = (...command: string[]) => docker('exec', 'old', 'docker', ...command);
  expect(await inside('ps')).toMatchObject({ code: 0 });
  expect((await inside('push', 'alpine')).stderr).toContain('deny "push"');
  expect(await keeper.status()).toMatchObject({ enforcement: 'enforcing', containerSockets: expect.any(Number) });
  expect((await keeper.status()).uptimeSeconds).toBeLessThan(600);
  const { stdout } = await keeper.cli('events', '--json');
  const sequences = stdout
    .trim()
    .split('\n')
    .map((line): number => JSON.parse(line).sequence);
  expect(sequences).toEqual([...sequences].sort((one, other) => one - other));
  expect((await keeper.events()).filter(({ what }) => what === 'internal-error')).toEqual([]);
}

/** The years in which the journal's lines were written, in the file's order, each once in a row. */
function yearsInJournal(): readonly number[] {
  const lines = readFileSync(join(keeper.state, 'journal.jsonl'), 'utf8').trimEnd().split('\n');
  const years = lines.map((line) => new Date(JSON.parse(line).time).getUTCFullYear());
  return years.filter((year, index) => year !== years[index - 1]);
}

describe.each([
  ['set back by ten years', YEAR - 10],
  ['set ahead by ten years', YEAR + 10],
  ['set right again', YEAR],
])('while it serves, the clock is %s', (_, year) => {
  test('sockets are granted and refused, commands blocked, events recorded', { timeout: 120_000 }, async () => {
    expect(await docker('create', '-v', SOCKET, 'docker:cli')).toMatchObject({ code: 0 });
    await setClock();
    await goesOn();
    // Leap days: ten years have two or three.
    await eventually(async () => Math.abs((yearsInJournal().at(-1) ?? 0) - year) <= 1, 'the journal has the new time');
  });
});

test('observing ends when the clock is set ahead, and lasts no longer when it is set back', {
  timeout: 120_000,
}, async () => {
  expect(await keeper.cli('observe', '--minutes', '5')).toMatchObject({ code: 0 });
  expect((await keeper.status()).enforcement).toBe('observing');
  await setClock();
  await keeper.restart();
  // That run has the right time, at which the file says that observing goes on.
  expect((await keeper.status()).enforcement).toBe('observing');
  await setClock();
  await setClock();
  expect((await keeper.status()).enforcement).toBe('enforcing');
  await goesOn();
});

test('what was confirmed under a clock that was ahead is not trusted afterwards', { timeout: 120_000 }, async () => {
  expect((await keeper.status()).enforcement).toBe('enforcing');
  const ledger = () => readFileSync(join(keeper.state, 'digests.json'), 'utf8');
  expect(await docker('create', '-v', SOCKET, 'docker:cli')).toMatchObject({ code: 0 });
  await eventually(
    async () => ledger().includes(`"confirmedAt":"${new Date(Date.now() + TEN_YEARS).getUTCFullYear()}`),
    'the digest of then is kept',
  );
  await lab.registry.stop();
  await keeper.restart();
  const refused = await docker('create', '-v', SOCKET, 'docker:cli');
  expect(refused.stderr).toContain('its last answer is of a time to come, by a clock that was wrong');
  await lab.registry.start();
});

const TEN_YEARS = 10 * 365 * 24 * 60 * 60_000;
