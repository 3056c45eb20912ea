import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runOrThrow, SYSTEM_PATH } from '../../lab/command.ts';
import { type Lab, request, startLab } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';

const BIND = '/var/run/docker.sock:/var/run/docker.sock';
let lab: Lab;
let keeper: Running;
let id = '';

beforeAll(async () => {
  lab = await startLab({ name: 'survival' });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
  id = await run('--restart', 'always');
});
afterAll(async () => {
  await keeper?.stop();
  await lab?.stop();
});

const run = (...options: string[]) =>
  lab.dockerOutput(['run', '-d', '--init', ...options, '-v', BIND, 'docker:cli', 'sleep', '600'], { host: keeper.url });
const state = async (format: string) => (await lab.docker(['inspect', '-f', format, id])).stdout.trim();
const isUp = async () => (await state('{{.State.Running}}')) === 'true';
const asksInside = async () => (await lab.docker(['exec', id, 'docker', 'ps', '-q'])).code === 0;
const status = () => keeper.status();
const records = () => readdirSync(join(keeper.state, 'holders'));
const folders = () => readdirSync(join(keeper.state, 'sockets'));
const isSeen = (reachable: boolean) =>
  eventually(async () => (await status()).engine.reachable === reachable, `reachable is ${reachable}`);
const socket = () => join(keeper.state, 'sockets', records()[0]?.replace('.json', '') ?? '', 'docker.sock');

it('tells that the engine is away, to clients too, and serves on when it is back', async () => {
  await lab.stopEngine('SIGKILL');
  await isSeen(false);
  const refused = await request(keeper.hostGate, '/containers/json');
  expect(refused.status).toBe(503);
  expect(JSON.parse(refused.body).message).toContain('the Docker engine cannot be reached: ');
  expect((await status()).problems[0]?.text).toContain('the engine cannot be reached: ');
  await lab.startEngine();
  await isSeen(true);
  await eventually(isUp, 'the container that restarts always is up');
  await eventually(asksInside, 'its socket works');
  const said = (await keeper.events()).map(({ what }) => what);
  expect(said.lastIndexOf('engine-reachable')).toBeGreaterThan(said.lastIndexOf('engine-unreachable'));
  expect(said).not.toContain('internal-error');
});

it('gives a container that the engine started before us its socket within 2 s, without a restart', async () => {
  await keeper.kill('SIGKILL');
  await lab.stopEngine('SIGKILL');
  await lab.startEngine();
  await eventually(isUp, 'the container that restarts always is up');
  expect(await asksInside()).toBe(false);
  const started = await state('{{.State.StartedAt}}');
  const path = socket();
  const pace = await paceOfThisMachine();
  const begin = Date.now();
  const restarted = keeper.restart();
  await eventually(async () => (await request(path, '/_ping').catch(() => undefined))?.status === 200, 'it answers');
  expect(Date.now() - begin).toBeLessThan(2_000 * pace);
  await restarted;
  expect(await asksInside()).toBe(true);
  expect(await state('{{.State.StartedAt}}')).toBe(started);
});

/** How many times longer than on an idle machine it takes to start a Node that does nothing; at least 1. */
async function paceOfThisMachine(): Promise<number> {
  const [starts, idleMs] = [3, 80];
  const begin = Date.now();
  for (let left = starts; left > 0; left -= 1) await runOrThrow(process.execPath, ['-e', ''], { env: SYSTEM_PATH });
  return Math.max(1, (Date.now() - begin) / starts / idleMs);
}

it('cleans up after containers that were removed while it was away', async () => {
  const other = await run();
  expect(records()).toHaveLength(2);
  await keeper.kill('SIGKILL');
  await lab.dockerOutput(['rm', '-f', other]);
  await keeper.restart();
  await eventually(async () => records().length === 1, 'its record is gone');
  await eventually(async () => folders().length === 1, 'and then its folder');
});

it('knows a container that is re-created from its inspection, though both happened around a restart', async () => {
  const made = await run();
  const { HostConfig } = JSON.parse((await request(lab.engineSocket, `/containers/${made}/json`)).body);
  await lab.dockerOutput(['rm', '-f', made], { host: keeper.url });
  await eventually(async () => records().length === 1, 'its record is gone');
  await keeper.restart();
  const body = { Image: 'docker:cli', Cmd: ['docker', 'ps', '-q'], HostConfig };
  const again = await request(keeper.hostGate, '/containers/create', { method: 'POST', body });
  expect(again).toMatchObject({ status: 201 });
  const { Id } = JSON.parse(again.body);
  expect(await lab.docker(['start', '-a', Id], { host: keeper.url })).toMatchObject({ code: 0, stderr: '' });
  await lab.dockerOutput(['rm', '-f', Id]);
  await eventually(async () => records().length === 1, 'only the first is left');
});

it('lists a container that has only the socket file no more, once the engine has started it again', async () => {
  const other = await run('--restart', 'always', '--tmpfs', '/t', '-v', '/var/run/docker.sock:/t/d.sock');
  const isListed = async () => JSON.stringify((await status()).problems).includes(other.slice(0, 12));
  await keeper.restart();
  await eventually(isListed, 'it must be restarted');
  // A crash: an engine that stops in peace tells that its containers stop, and who starts them again tells that.
  await lab.stopEngine('SIGKILL');
  await lab.startEngine();
  const ping = ['exec', other, 'curl', '-s', '--unix-socket', '/t/d.sock', 'http://d/_ping'];
  await eventually(async () => (await lab.docker(ping)).stdout === 'OK', 'its socket works');
  await eventually(async () => !(await isListed()), 'it is listed no more');
  await lab.dockerOutput(['rm', '-f', other]);
  await eventually(async () => records().length === 1, 'only the first is left');
});

/** Where the engine keeps its data, and its ID. */
const ENGINE_FILES = ['data', 'key.json'];

async function replaceEngine(replace: (path: string) => void): Promise<void> {
  await lab.stopEngine();
  // An engine that was killed leaves its folder mounted on itself, and the next one takes that for the machine's.
  spawnSync('umount', ['-R', '-l', join(lab.folder, 'data')]);
  for (const name of ENGINE_FILES) replace(join(lab.folder, name));
  await lab.startEngine();
  await isSeen(true);
}

it('keeps what belongs to another engine for its return, and says so', async () => {
  await replaceEngine((path) => renameSync(path, `${path}.away`));
  await eventually(async () => (await status()).problems.length === 1, 'it is told');
  expect((await status()).problems[0]?.text).toMatch(
    /^the engine is another one \(.+\) than before \(.+\), or has lost its data: 1 filtered socket /,
  );
  expect(records()).toHaveLength(1);
  await replaceEngine((path) => {
    rmSync(path, { recursive: true, force: true });
    renameSync(`${path}.away`, path);
  });
  await eventually(async () => (await status()).problems.length === 0, 'nothing is wrong any more');
  await eventually(isUp, 'the container is up again');
  await eventually(asksInside, 'its socket works');
});

it('removes what belongs to containers that the same engine has lost with its data', async () => {
  await replaceEngine((path) => {
    if (path.endsWith('data')) rmSync(path, { recursive: true, force: true });
  });
  await eventually(async () => records().length === 0, 'their records are gone');
  await eventually(async () => folders().length === 0, 'and then their folders');
  const journal = readFileSync(join(keeper.state, 'journal.jsonl'), 'utf8');
  expect(journal).toContain('"change":"removed"');
  expect((await status()).containerSockets).toBe(0);
});
