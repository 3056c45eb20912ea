import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, dockerCli } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';
import { clientEnvironment, sameBothWays, type Way, waysTo } from './both-ways.ts';
import { type Session, startSession } from './terminal.ts';

const lab = attachLab(inject('lab'));
const PROGRAM = new URL('programs/testcontainers.ts', import.meta.url).pathname;
const RYUK = 'testcontainers/ryuk:0.11';
const OURS = ['--filter', 'label=org.testcontainers=true'];
let keeper: Running;
let ways: readonly [Way, Way];

beforeAll(async () => {
  keeper = await startLockkeeper(lab, { images: ['testcontainers/ryuk:*'] });
  ways = waysTo(lab, keeper);
  for (const image of ['alpine', RYUK]) await lab.dockerOutput(['pull', '-q', image]);
});
afterAll(() => keeper.stop());

async function cleanUp(): Promise<void> {
  const ids = await lab.dockerOutput(['ps', '-aq', ...OURS]);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', '-v', ...ids.split(/\s+/)]);
  await lab.dockerOutput(['network', 'prune', '-f']);
}
afterEach(cleanUp);

/** Starts the program in the lab's network, where the ports are that its engine publishes. */
function start(way: Way, env: Readonly<Record<string, string>> = {}): Session {
  const environment = { ...clientEnvironment(lab, way, dockerCli().newest), TMPDIR: lab.work, ...env };
  const inNetwork = ['/usr/bin/nsenter', `--net=/run/netns/${basename(lab.folder)}`] as const;
  const node = [process.execPath, '--import', 'tsx', PROGRAM];
  return startSession([...inNetwork, ...node], { RYUK_CONTAINER_IMAGE: RYUK, ...environment });
}

interface Report {
  readonly found: object;
  readonly session: string;
}

async function reportOf(program: Session): Promise<Report> {
  const [line] = await program.see(/^\{.*\}\n/m);
  return JSON.parse(line);
}

const nothingLeft = () => eventually(async () => (await listed()) === '', 'Ryuk has reaped what was left');
const listed = () => lab.dockerOutput(['ps', '-aq', ...OURS]);

describe('testcontainers for Node', () => {
  it('does all it does, and its Ryuk reaps what it leaves', async () => {
    const outcome = await sameBothWays(
      ways,
      async (way) => {
        const program = start(way);
        const { found } = await reportOf(program);
        program.endInput();
        const { code } = await program.ended;
        await nothingLeft();
        return { found, code };
      },
      cleanUp,
    );
    expect(outcome).toEqual({
      found: {
        page: 'hello\n',
        byName: { output: 'hello\n', stdout: 'hello\n', stderr: '', exitCode: 0 },
        failing: { stdout: 'word\n', stderr: 'err\n', exitCode: 3 },
        later: expect.objectContaining({ output: 'latercopied\n', exitCode: 0 }),
        archived: true,
        stopped: true,
        absent: expect.stringContaining('network is unreachable'),
      },
      code: 0,
    });
  });

  it('gives Ryuk a filtered socket, not the one that it asked for', async () => {
    const program = start(ways[1]);
    const { session } = await reportOf(program);
    const [ryuk] = JSON.parse(await lab.dockerOutput(['inspect', `testcontainers-ryuk-${session}`]));
    program.endInput();
    await nothingLeft();
    expect(ryuk.Mounts).toHaveLength(1);
    expect(ryuk.Mounts[0]).toMatchObject({ Destination: '/.lockkeeper', RW: false });
    expect(ryuk.Mounts[0].Source).toContain(join(keeper.state, 'sockets/'));
  });

  it('tells the user why, when Ryuk is not listed', async () => {
    await keeper.apply({ images: ['localstack/localstack:*'] });
    const { code, printed } = await start(ways[1]).ended;
    await keeper.apply({ images: ['testcontainers/ryuk:*'] });
    expect(code).not.toBe(0);
    expect(printed).toContain(
      'docker socket mount denied for container with image "docker.io/testcontainers/ryuk:0.11"; image is not in the allowed list',
    );
    expect(await listed()).toBe('');
  });

  it('works without Ryuk under an empty list', async () => {
    await keeper.apply({ images: [] });
    const program = start(ways[1], { TESTCONTAINERS_RYUK_DISABLED: 'true' });
    const { found } = await reportOf(program);
    program.endInput();
    await program.ended;
    await keeper.apply({ images: ['testcontainers/ryuk:*'] });
    expect(found).toMatchObject({ page: 'hello\n', stopped: true });
  });
});
