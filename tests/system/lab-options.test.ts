import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runOrThrow, SYSTEM_PATH } from '../lab/command.ts';
import { type Lab, PRIVATE_REGISTRY, request, startLab } from '../lab/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'options', privateRegistry: true, defaultSocket: true });
});
afterAll(() => lab.stop());

const IMAGE = `${PRIVATE_REGISTRY.host}/ci-tools/builder:1`;
const { username, password } = PRIVATE_REGISTRY;

async function statusOf(name: string, credentials?: object): Promise<number> {
  // The engine wants URL-safe base64 *with* padding and takes anything else for no credentials at all.
  const encoded = Buffer.from(JSON.stringify(credentials ?? {}))
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  const headers = { 'x-registry-auth': encoded };
  return (await request(lab.engineSocket, `/v1.41/distribution/${name}/json`, { headers })).status;
}

test('the private registry answers with the right credentials only, and the Hub does not have its images', async () => {
  await lab.publish(IMAGE, { from: 'alpine', files: { '/builder': '1' } });
  expect(await statusOf(IMAGE, { username, password })).toBe(200);
  expect(await statusOf(`${PRIVATE_REGISTRY.host}/ci-tools/nosuch:1`, { username, password })).toBe(404);
  expect(await statusOf(IMAGE, { username, password: 'wrong' })).toBe(401);
  expect(await statusOf(IMAGE)).toBe(500);
  expect(await statusOf('ci-tools/builder:1')).toBe(404);
  expect(await statusOf('pack.local/builder:1')).toBe(500);
});

test('a client that has logged in pulls from the private registry', async () => {
  const published = await lab.publish(IMAGE, { from: 'alpine', files: { '/builder': '2' } });
  const refused = await lab.docker(['pull', IMAGE]);
  expect(refused.code).toBe(1);
  const login = ['login', '--username', username, '--password-stdin', PRIVATE_REGISTRY.host];
  await lab.dockerOutput(login, { stdin: password });
  await lab.dockerOutput(['pull', IMAGE]);
  const image = JSON.parse(await lab.dockerOutput(['image', 'inspect', IMAGE]))[0];
  expect(image.RepoDigests).toEqual([`${PRIVATE_REGISTRY.host}/ci-tools/builder@${published.digest}`]);
});

test('the usual socket path works in the lab, before and after a restart, and the machine does not get it', async () => {
  const onMachine = existsSync('/run/docker.sock');
  await lab.dockerOutput(['pull', 'docker:cli']);
  const mount = ['--volume', '/var/run/docker.sock:/var/run/docker.sock'];
  const ask = ['run', '--rm', ...mount, 'docker:cli', 'docker', 'info', '--format', '{{.DockerRootDir}}'];
  const host = 'unix:///var/run/docker.sock';
  expect(await lab.dockerOutput(ask, { host })).toBe(`${lab.folder}/data`);
  await lab.restartEngine();
  expect(await lab.dockerOutput(ask, { host })).toBe(`${lab.folder}/data`);
  const [file, ...args] = lab.inside(['test', '-S', '/var/run/docker.sock']);
  await runOrThrow(file, args, { env: SYSTEM_PATH });
  expect(existsSync('/run/docker.sock')).toBe(onMachine);
});
