import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCommand, SYSTEM_PATH } from '../../lab/command.ts';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { sameBothWays, type Way, waysTo } from './both-ways.ts';

const lab = attachLab(inject('lab'));
const NAME = 'test-curl';
const API = 'http://localhost/v1.41';
const BIG = 4_000_000;
const tar = join(lab.work, 'test-curl.tar');
const uploadedFile = join(lab.work, 'test-curl.uploaded');
const big = randomBytes(BIG);
let keeper: Running;
let ways: readonly [Way, Way];

beforeAll(async () => {
  keeper = await startLockkeeper(lab);
  ways = waysTo(lab, keeper);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  const archive = pack();
  archive.entry({ name: 'big' }, big);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  writeFileSync(tar, Buffer.concat(chunks));
});
afterAll(() => keeper.stop());

const removeContainer = async () => void (await lab.docker(['rm', '-f', '-v', NAME]));
afterEach(removeContainer);

/** Runs curl with these arguments while the container exists. What it uploaded to /tmp/big is looked at, too. */
function same(...args: readonly (string | { readonly stdin: Uint8Array })[]) {
  const words = args.filter((arg) => typeof arg === 'string');
  const [stdin = ''] = args.flatMap((arg) => (typeof arg === 'string' ? [] : [arg.stdin]));
  const play = async ({ socket }: Way) => {
    await lab.dockerOutput(['create', '--name', NAME, 'alpine', 'sleep', '600']);
    const answer = await runCommand('curl', ['-sS', '--unix-socket', socket, ...words], { env: SYSTEM_PATH, stdin });
    const uploaded = await lab.docker(['cp', `${NAME}:/tmp/big`, uploadedFile]);
    return { ...answer, uploaded: uploaded.code === 0 && readFileSync(uploadedFile).equals(big) };
  };
  return sameBothWays(ways, play, removeContainer);
}

const JSON_TYPE = ['-H', 'Content-Type: application/json'];

/** The status and headers of an answer come in the engine's own order and spelling: -i and -v show them as received. */
describe('curl', () => {
  it('GET: the whole answer, headers in their order', async () => {
    const { stdout } = await same('-i', `${API}/containers/json?all=1&filters={"name":["${NAME}"]}`, '-g');
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\nApi-Version: 1\.41\r\n/);
    expect(stdout).toContain(`"Names":["/${NAME}"]`);
  });

  it('HEAD: the headers alone', async () => {
    expect((await same('-I', 'http://localhost/_ping')).stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s);
    expect((await same('-I', `${API}/containers/${NAME}/archive?path=/etc/passwd`)).stdout).toMatch(
      /X-Docker-Container-Path-Stat: /,
    );
  });

  it.each([
    ['no such container', `${API}/containers/nobody/json`, 404],
    ['no such page', `${API}/teleport`, 404],
    ['a version of the future', 'http://localhost/v9.99/info', 400],
    ['a bad filter', `${API}/containers/json?filters=x`, 500],
  ])('GET of %s: the engine says it', async (_what, url, status) => {
    const { stdout } = await same('-i', url);
    expect(stdout).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(stdout).toContain('{"message":"');
  });

  it('a version of the past: the engine says it, in plain text', async () => {
    const { stdout } = await same('-i', 'http://localhost/v1.1/info');
    expect(stdout).toMatch(/^HTTP\/1\.1 400 .*\r\nContent-Type: text\/plain.*client version 1\.1 is too old/s);
  });

  it('POST of JSON: create, and what is wrong in it', async () => {
    const url = `${API}/containers/create?name=${NAME}-made`;
    const made = await same('-i', ...JSON_TYPE, '-d', '{"Image":"nothing:here"}', url);
    expect(made.stdout).toMatch(/^HTTP\/1\.1 404 Not Found\r\n.*No such image: nothing:here/s);
    const wrong = await same('-i', ...JSON_TYPE, '-d', '{"Image":"alpine","HostConfig":{"Memory":1}}', url);
    expect(wrong.stdout).toMatch(/^HTTP\/1\.1 400 .*memory limit/s);
  });

  it('POST without a body, and the 204 and 304 that answer it', async () => {
    const start = `${API}/containers/${NAME}/start`;
    const { stdout } = await same('-i', '-X', 'POST', start, start);
    expect(stdout).toMatch(/^HTTP\/1\.1 204 No Content\r\n.*HTTP\/1\.1 304 Not Modified\r\n/s);
  });

  it('an upload in chunks, from standard input', async () => {
    const url = `${API}/containers/${NAME}/archive?path=/tmp`;
    const stdin = readFileSync(tar);
    const { stdout, uploaded } = await same('-i', '-T', '-', url, { stdin });
    expect(uploaded).toBe(true);
    expect(stdout).toMatch(/HTTP\/1\.1 200 OK\r\n/);
  });

  it('Expect: 100-continue with a big body: the engine says when to go on', async () => {
    const url = `${API}/containers/${NAME}/archive?path=/tmp`;
    const expecting = ['-H', 'Expect: 100-continue', '--expect100-timeout', '30'];
    const { stdout, uploaded } = await same('-i', ...expecting, '-T', tar, url);
    expect(uploaded).toBe(true);
    expect(stdout).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  it('Expect: 100-continue where the engine refuses before it has the body', async () => {
    const url = `${API}/containers/nobody/archive?path=/tmp`;
    const { stdout } = await same('-i', '-H', 'Expect: 100-continue', '--expect100-timeout', '30', '-T', tar, url);
    expect(stdout).toMatch(/HTTP\/1\.1 404 Not Found\r\n/);
  });

  it('a big download', async () => {
    const url = `${API}/images/alpine/get`;
    const { stdout } = await same('-o', '/dev/null', '-w', '%{http_code} %{size_download}', url);
    expect(stdout).toMatch(/^200 2\d{6}$/);
  });

  it('several requests on one connection', async () => {
    const urls = [`${API}/version`, `${API}/containers/nobody/json`, `${API}/containers/${NAME}/json`, `${API}/info`];
    const outputs = urls.flatMap((url) => ['-o', '/dev/null', url]);
    const { stdout } = await same('-w', '%{http_code} %{num_connects}\n', ...outputs);
    expect(stdout).toBe('200 1\n404 0\n200 0\n200 0\n');
  });
});
