import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCommand } from '../../lab/command.ts';
import { attachLab, dockerCli } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { clientEnvironment, sameBothWays, type Way, waysTo } from './both-ways.ts';

const lab = attachLab(inject('lab'));
const folder = join(lab.work, 'project');
const { newest, plugins } = dockerCli();
let keeper: Running;
let ways: readonly [Way, Way];

beforeAll(async () => {
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
  ways = waysTo(lab, keeper);
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
});
afterAll(() => keeper.stop());

const PROJECT = `
name: test-compose
services:
  data:
    image: alpine
    command: [sh, -c, 'cp /config/greeting /shared/greeting; echo prepared; exec sleep 600']
    volumes: ['shared:/shared', './config:/config:ro']
    healthcheck: { test: [CMD, test, -e, /shared/greeting], interval: 100ms, retries: 100 }
    stop_grace_period: 0s
  page:
    image: alpine
    command: [httpd, -f, -p, '80', -h, /shared]
    volumes: [{ type: volume, source: shared, target: /shared, read_only: true }]
    networks: { inner: { aliases: [site] } }
    depends_on: { data: { condition: service_healthy } }
    environment: { WORD: word }
    stop_grace_period: 0s
  reader:
    image: alpine
    command: [wget, -q, -O, '-', 'http://site/greeting']
    networks: [inner]
    depends_on: { page: { condition: service_started } }
volumes: { shared: {} }
networks: { inner: { driver_opts: { com.docker.network.bridge.name: lkcompose0 } } }
`;

/** Runs a script in the project's folder, whatever was there before; its standard error, where progress goes, apart. */
function play(way: Way, script: string, project = PROJECT) {
  mkdirSync(join(folder, 'config'), { recursive: true });
  writeFileSync(join(folder, 'compose.yaml'), project);
  writeFileSync(join(folder, 'config/greeting'), 'hello\n');
  writeFileSync(join(folder, 'Dockerfile'), 'FROM alpine\nRUN echo built > /built\nCMD ["cat", "/built"]\n');
  const env = { ...clientEnvironment(lab, way, newest), COMPOSE_PROGRESS: 'plain' };
  return runCommand('/bin/sh', ['-ec', `cd '${folder}'\n${script}`], { env });
}

async function cleanUp(way: Way) {
  await play(way, 'docker compose down -v --remove-orphans -t 0 --rmi local');
  rmSync(folder, { recursive: true });
}

async function same(script: string, project?: string) {
  const { stderr, ...outcome } = await sameBothWays(
    ways,
    async (way) => {
      const result = await play(way, script, project);
      // Services start side by side: their lines come in any order.
      return { ...result, stderr: result.stderr.split('\n').toSorted().join('\n') };
    },
    cleanUp,
  );
  return { ...outcome, stderr };
}

const title = 'docker compose (with the plugin of the newer clients, which "node build/prepare.mjs peers" fetches)';

describe.runIf(plugins !== undefined)(title, () => {
  it('up -d waits for health, ps, logs, exec -T, down -v', async () => {
    const script = `docker compose up -d --quiet-pull
      docker wait test-compose-reader-1
      docker compose ps -a --format '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}' | sort
      docker compose logs --no-log-prefix reader; docker compose logs data
      echo typed | docker compose exec -T page sh -c 'cat; echo $WORD; echo err >&2; exit 3' || echo "code $?"
      docker compose top page >/dev/null; docker compose images -q | sort -u | wc -l; docker compose config --services | sort
      docker compose down -v; docker compose ps -a -q; docker volume ls -q --filter label=com.docker.compose.project=test-compose`;
    const { code, stdout, stderr } = await same(script);
    expect(stdout).toMatch(
      /data running healthy 0\npage running {2}0\nreader exited {2}0\nhello\n.*typed\nword\ncode 3\n/s,
    );
    expect(stderr).toMatch(/Volume test-compose_shared.*Removed/);
    expect(code).toBe(0);
  });

  it('up in the foreground: output as it comes, and the exit code of one service', async () => {
    const { code, stdout } = await same('docker compose up --exit-code-from reader --no-color | grep hello');
    expect(stdout).toMatch(/reader-1\s+\| hello\n/);
    expect(code).toBe(0);
  });

  it('run, cp, restart, stop and a changed project', async () => {
    const script = `docker compose run --rm -T data sh -c 'echo one-off; exit 4' || echo "code $?"
      docker compose up -d data; docker compose cp data:/shared/greeting copied; cat copied; docker compose restart -t 0 data
      sed -i 's/600/601/' compose.yaml; docker compose up -d data; docker compose exec -T data ps | grep -o 'sleep 601'; docker compose stop -t 0 data`;
    const { code, stdout } = await same(script);
    expect(stdout).toMatch(/^one-off\ncode 4\nhello\nsleep 601\n/);
    expect(code).toBe(0);
  });

  it('build and up', async () => {
    const project = 'name: test-compose\nservices: { built: { build: . } }\n';
    const { code, stdout } = await same(
      'docker compose build -q; docker compose up --no-color | grep -o built$',
      project,
    );
    expect(stdout).toContain('built\n');
    expect(code).toBe(0);
  });

  it('a service with the socket: refused by name of the image, granted where the image is listed', async () => {
    const project = (image: string) =>
      `name: test-compose\nservices: { agent: { image: '${image}', command: [docker, ps, -q], volumes: ['/var/run/docker.sock:/var/run/docker.sock'] } }\n`;
    const [, passed] = ways;
    const refused = await play(passed, 'docker compose up --no-color', project('alpine'));
    expect(refused.stderr).toContain(
      'docker socket mount denied for container with image "docker.io/library/alpine:latest"',
    );
    expect(refused.code).not.toBe(0);
    await cleanUp(passed);
    const script =
      'docker compose up --no-color --exit-code-from agent; docker compose up --force-recreate --exit-code-from agent';
    expect(await play(passed, script, project('docker:cli'))).toMatchObject({ code: 0 });
    await cleanUp(passed);
  });
});
