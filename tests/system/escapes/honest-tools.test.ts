import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { runCommand } from '../../lab/command.ts';
import { attachLab, dockerCli, request } from '../../lab/lab.ts';
import { clientEnvironment } from '../clients/both-ways.ts';
import { startTerminal } from '../clients/terminal.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { removeHolders, startHolder } from './holder.ts';

/** What honest tools do through the socket of a container, while everything that leads out is refused there. */
const lab = attachLab(inject('lab'));
const RYUK = 'testcontainers/ryuk:0.11';
const { newest, plugins } = dockerCli();
const work = join(lab.work, 'honest');
let keeper: Running;
let socket: string;

beforeAll(async () => {
  mkdirSync(join(work, 'state'), { recursive: true });
  for (const image of ['docker:cli', 'alpine', RYUK]) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, { images: ['docker:cli', 'testcontainers/ryuk:*'] });
  socket = await startHolder(lab, keeper, 'tool', '-v', `${work}:/work`);
});
afterAll(async () => {
  await removeHolders(lab);
  await keeper.stop();
});
let seen = 0;
/** Nothing that the tools did was refused. */
afterEach(async () => {
  const events = await keeper.events();
  const refused = events.filter(({ sequence, outcome }) => Number(sequence) > seen && outcome === 'refused');
  seen = Number(events.at(-1)?.sequence);
  expect(refused).toEqual([]);
});

const docker = (...args: string[]) => lab.docker(args, { host: `unix://${socket}` });
const environment = () => clientEnvironment(lab, { name: 'way-2', socket, url: `unix://${socket}` }, newest);

it('a Ryuk that asks to be privileged is created as an ordinary container with a filtered socket, and works', async () => {
  const body = {
    Image: RYUK,
    Labels: { test: 'escapes' },
    HostConfig: { Privileged: true, Binds: ['/var/run/docker.sock:/var/run/docker.sock'], AutoRemove: true },
  };
  const created = await request(socket, '/v1.41/containers/create?name=ryuk', { method: 'POST', body });
  expect(created.status).toBe(201);
  expect((await keeper.events()).at(-1)).toMatchObject({ outcome: 'granted', unprivileged: true });
  expect(await lab.dockerOutput(['inspect', '-f', '{{.HostConfig.Privileged}}', 'ryuk'])).toBe('false');
  expect((await docker('start', 'ryuk')).code).toBe(0);
  const ping = ['exec', 'ryuk', 'sh', '-c', 'curl -s --unix-socket /var/run/docker.sock http://d/_ping'];
  await eventually(async () => (await lab.docker(ping)).stdout === 'OK', 'its socket answers');
});

it.runIf(plugins !== undefined)(
  'compose with configs, which it copies into containers before their start',
  async () => {
    const project = join(work, 'project');
    mkdirSync(join(project, 'data'), { recursive: true });
    writeFileSync(join(project, 'data', 'word'), 'bound\n');
    writeFileSync(
      join(project, 'compose.yaml'),
      `
name: honest
configs: { greeting: { content: "copied\\n" } }
services:
  one:
    image: alpine
    command: [sh, -c, 'cat /greeting /data/word; exec sleep 600']
    configs: [{ source: greeting, target: /greeting }]
    volumes: ['./data:/data', 'kept:/kept']
    labels: { test: escapes }
    healthcheck: { test: [CMD, test, -e, /greeting], interval: 100ms, retries: 100 }
    stop_grace_period: 0s
volumes: { kept: {} }
`,
    );
    const compose = (script: string) =>
      runCommand('/bin/sh', ['-ec', `cd '${project}'\n${script}`], { env: environment() });
    const up = await compose(
      'docker compose up -d --wait && docker compose logs --no-log-prefix one && docker compose exec -T one id -u',
    );
    expect(up).toMatchObject({ code: 0, stdout: 'copied\nbound\n0\n' });
    expect((await compose('docker compose down -v -t 0')).code).toBe(0);
  },
);

it('what binds again what it has bound itself, as LocalStack and dev containers do', async () => {
  const again = await docker(
    'run',
    '--rm',
    '--label',
    'test=escapes',
    '-v',
    `${work}/state:/var/lib/x`,
    'alpine',
    'touch',
    '/var/lib/x/made',
  );
  expect(again).toMatchObject({ code: 0 });
  expect((await lab.dockerOutput(['exec', 'tool', 'ls', '/work/state'])).trim()).toBe('made');
});

it('docker run -it, with its terminal', async () => {
  const terminal = await startTerminal(
    `docker run --rm -it --label test=escapes alpine sh -c 'read word; echo "got $word"'`,
    environment(),
  );
  terminal.type('hello\n');
  await terminal.see(/got hello/);
  expect((await terminal.ended).code).toBe(0);
});

it('a health check, exec and cp in a container of its own', async () => {
  const check = ['--health-cmd', 'test -e /tmp', '--health-interval', '100ms'];
  expect(
    (await docker('run', '-d', '--name', 'checked', '--label', 'test=escapes', ...check, 'alpine', 'sleep', '600'))
      .code,
  ).toBe(0);
  const health = () => lab.dockerOutput(['inspect', '-f', '{{.State.Health.Status}}', 'checked']);
  await eventually(async () => (await health()) === 'healthy', 'it is healthy');
  expect(await docker('exec', 'checked', 'echo', 'ran')).toMatchObject({ code: 0, stdout: 'ran\n' });
  expect((await docker('cp', 'checked:/etc/hostname', '-')).code).toBe(0);
});
