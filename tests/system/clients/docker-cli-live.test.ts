import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, dockerCli } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { clientEnvironment, sameBothWays, type Way, waysTo } from './both-ways.ts';
import { type Session, startSession, startTerminal } from './terminal.ts';

const lab = attachLab(inject('lab'));
const NAME = 'test-live';
let keeper: Running;
let ways: readonly [Way, Way];

beforeAll(async () => {
  keeper = await startLockkeeper(lab);
  ways = waysTo(lab, keeper);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
});
afterAll(() => keeper.stop());

/** The container that each scenario has: it says a line, then repeats what it is told, and ends when told "end". */
const REPEATER = `echo ready; while read -r line; do [ "$line" = end ] && exit 3; echo "got $line"; done; echo no more`;

const quoted = (text: string) => `'${text.replaceAll("'", `'"'"'`)}'`;

interface Client {
  readonly cli: string;
  readonly way: Way;
  docker(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  start(...args: string[]): Session;
  terminal(command: string): ReturnType<typeof startTerminal>;
}

function same<T>(cli: string, scenario: (client: Client) => Promise<T>): Promise<T> {
  const play = (way: Way) => {
    const env = clientEnvironment(lab, way, cli);
    return scenario({
      cli,
      way,
      docker: (...args) => lab.docker(args, { host: way.url, cli }),
      start: (...args) => startSession([cli, ...args], env),
      terminal: (command) => startTerminal(command, env),
    });
  };
  return sameBothWays(ways, play, removeContainers);
}

const removeContainers = async () => void (await lab.docker(['rm', '-f', '-v', NAME]));
afterEach(removeContainers);

const { newest, newestVersion, debian } = dockerCli();
const clients = [
  { title: `the docker client ${newestVersion}`, cli: newest },
  ...(debian !== undefined && debian !== newest ? [{ title: "Debian's docker client", cli: debian }] : []),
];

describe.each(clients)('on a terminal: $title', ({ cli }) => {
  it('run -it: what is typed arrives, and so do a new size and the exit code', async () => {
    const outcome = await same(cli, async ({ terminal }) => {
      const sized = `until [ "$(stty size 2>/dev/null)" = "$1" ]; do usleep 10000; done; echo "sized $1"`;
      const script = `sized() { ${sized}; }; tty; sized '24 80'; read -r word; sized "$word"; exit 4`;
      const session = await terminal(`docker run --rm -it --name ${NAME} alpine sh -c ${quoted(script)}`);
      await session.see(/sized 24 80/);
      session.type('37 101\r');
      await session.resize(37, 101);
      await session.see(/sized 37 101/);
      return session.ended;
    });
    expect(outcome.code).toBe(4);
  });

  it('exec -it: what is typed arrives, and so do the size and the exit code', async () => {
    const outcome = await same(cli, async ({ docker, terminal }) => {
      await docker('run', '-d', '--name', NAME, 'alpine', 'sleep', '600');
      const script = `until [ "$(stty size 2>/dev/null)" = "24 80" ]; do usleep 10000; done; ${REPEATER}`;
      const session = await terminal(`docker exec -it ${NAME} sh -c ${quoted(script)}`);
      await session.see(/ready\r\n/);
      session.type('hello\r');
      await session.see(/got hello\r\n/);
      session.type('end\r');
      return session.ended;
    });
    expect(outcome.code).toBe(3);
  });

  it('run -it: the detach keys leave the container running, attach returns to it', async () => {
    const outcome = await same(cli, async ({ docker, terminal }) => {
      const first = await terminal(`docker run -it --name ${NAME} alpine sh -c '${REPEATER}'`);
      await first.see(/ready/);
      first.type('\x10\x11');
      const detached = await first.ended;
      const second = await terminal(`docker attach ${NAME}`);
      second.type('again\r');
      await second.see(/got again/);
      second.type('end\r');
      const { code } = await second.ended;
      return { detached, code, logs: (await docker('logs', NAME)).stdout };
    });
    expect(outcome).toMatchObject({ detached: { code: 0 }, code: 3 });
    expect(outcome.logs).toContain('got again');
  });

  it('Ctrl-C ends logs -f, and the container runs on', async () => {
    const outcome = await same(cli, async ({ docker, terminal }) => {
      await docker('run', '-d', '-i', '--name', NAME, 'alpine', 'sh', '-c', REPEATER);
      const logs = await terminal(`docker logs -f ${NAME}`);
      await logs.see(/ready/);
      logs.type('\x03');
      return { logs: await logs.ended, status: await docker('inspect', '-f', '{{.State.Status}}', NAME) };
    });
    expect(outcome.logs.code).not.toBe(0);
    expect(outcome.status.stdout).toBe('running\n');
  });

  it('Ctrl-C reaches the process of run -i, and kills that of run -it', async () => {
    const outcome = await same(cli, async ({ terminal }) => {
      const trap = `trap "echo caught; exit 8" INT; echo ready; while :; do usleep 10000; done`;
      const plain = await terminal(`docker run --rm -i --name ${NAME} alpine sh -c '${trap}'`);
      await plain.see(/ready/);
      plain.type('\x03');
      const first = await plain.ended;
      const tty = await terminal(`docker run --rm -it --name ${NAME} alpine sh -c '${trap}'`);
      await tty.see(/ready/);
      tty.type('\x03');
      return { first, second: await tty.ended };
    });
    expect(outcome).toMatchObject({ first: { code: 8 }, second: { code: 8 } });
  });
});

// The 28 client takes no notice of Ctrl-C there, with or without us.
describe.runIf(debian !== undefined)("on a terminal: Debian's docker client alone", () => {
  it('Ctrl-C ends attach --sig-proxy=false, and the container runs on', async () => {
    const outcome = await same(debian ?? newest, async ({ docker, terminal }) => {
      await docker('run', '-d', '--name', NAME, 'alpine', 'sh', '-c', 'while :; do echo tick; usleep 10000; done');
      const attach = await terminal(`docker attach --no-stdin --sig-proxy=false ${NAME}`);
      await attach.see(/tick/);
      attach.type('\x03');
      const { code } = await attach.ended;
      return { code, status: (await docker('inspect', '-f', '{{.State.Status}}', NAME)).stdout };
    });
    expect(outcome.code).not.toBe(0);
    expect(outcome.status).toBe('running\n');
  });
});

describe('as it happens', () => {
  it('attach: each line is answered before the next is sent, and the exit code', async () => {
    const outcome = await same(newest, async ({ docker, start }) => {
      await docker('run', '-d', '-i', '--name', NAME, 'alpine', 'sh', '-c', REPEATER);
      const attach = start('attach', NAME);
      attach.type('one\n');
      await attach.see(/got one\n/);
      attach.type('two\n');
      await attach.see(/got two\n/);
      attach.type('end\n');
      return attach.ended;
    });
    expect(outcome).toEqual({ code: 3, printed: 'got one\ngot two\n' });
  });

  it('logs -f: lines arrive while the container runs, and it ends with it', async () => {
    const outcome = await same(newest, async ({ docker, start }) => {
      const script = 'echo first; until [ -e /go ]; do usleep 10000; done; echo second >&2';
      await docker('run', '-d', '--name', NAME, 'alpine', 'sh', '-c', script);
      const logs = start('logs', '-f', NAME);
      await logs.see(/first\n/);
      await docker('exec', NAME, 'touch', '/go');
      await logs.see(/second\n/);
      return logs.ended;
    });
    expect(outcome).toEqual({ code: 0, printed: 'first\nsecond\n' });
  });

  it('events: they arrive as they happen', async () => {
    const outcome = await same(newest, async ({ docker, start }) => {
      const format = '{{.Action}} {{.Actor.Attributes.name}}';
      const since = `${Date.now() / 1000}`;
      const events = start('events', '--since', since, '--filter', `container=${NAME}`, '--format', format);
      await docker('create', '--name', NAME, 'alpine', 'true');
      await events.see(/create test-live\n/);
      await docker('start', NAME);
      await events.see(/die test-live\n/);
      await docker('rm', NAME);
      await events.see(/destroy test-live\n/);
      events.signal('SIGINT');
      return events.ended;
    });
    expect(outcome.printed).toMatch(/^create test-live\n.*start test-live\ndie test-live\ndestroy test-live\n/s);
  });

  it('stats: one look after the other', async () => {
    const outcome = await same(newest, async ({ docker, start }) => {
      await docker('run', '-d', '--name', NAME, 'alpine', 'sleep', '600');
      const stats = start('stats', '--format', '<{{.Name}} {{.PIDs}}>', NAME);
      for (let looks = 0; looks < 2; looks += 1) await stats.see(/<test-live 1>/);
      // The 28 client takes no notice of Ctrl-C here, with or without us.
      stats.signal('SIGKILL');
      return (await stats.ended).code;
    });
    expect(outcome).toBe(128);
  });

  it('wait: answers when the container ends', async () => {
    const outcome = await same(newest, async ({ docker, start }) => {
      await docker('run', '-d', '-i', '--name', NAME, 'alpine', 'sh', '-c', REPEATER);
      const wait = start('wait', NAME);
      const attach = start('attach', NAME);
      attach.type('end\n');
      return { attach: await attach.ended, wait: await wait.ended };
    });
    expect(outcome.wait).toEqual({ code: 0, printed: '3\n' });
  });

  it('a client that is killed in the middle leaves the engine as without us', async () => {
    const outcome = await same(newest, async ({ docker, start }) => {
      const run = start('run', '-i', '--name', NAME, 'alpine', 'sh', '-c', REPEATER);
      await run.see(/ready/);
      run.signal('SIGKILL');
      await run.ended;
      // Standard input has gone with its client, and that is what the container sees.
      return { wait: (await docker('wait', NAME)).stdout, logs: (await docker('logs', NAME)).stdout };
    });
    expect(outcome).toEqual({ wait: '0\n', logs: 'ready\nno more\n' });
  });
});
