import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../../../main/cli/exit-codes.ts';
import { type ControlServer, serveControl } from '../../../../main/control/server.ts';
import { type Journal, openJournal } from '../../../../main/journal/journal.ts';
import { keepToOurselves } from '../../../../main/sockets/own-mask.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import { matchesFilter } from '../../../../shared/journal/filter.ts';
import { emptyHandlers } from '../../shared/ipc/empty-handlers.ts';

const program = fileURLToPath(new URL('../../../../main/lockkeeper.ts', import.meta.url));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly complaints: string;
}

function launch(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function lockkeeper(...args: string[]): Promise<Result> {
  const child = launch(args);
  let out = '';
  let complaints = '';
  child.stdout?.on('data', (data) => {
    out += String(data);
  });
  child.stderr?.on('data', (data) => {
    complaints += String(data);
  });
  const [code] = await once(child, 'close');
  return { code, out, complaints };
}

describe('the command line', () => {
  it('explains itself, with its exit codes', async () => {
    const { code, out } = await lockkeeper('--help');
    expect(code).toBe(0);
    for (const word of ['serve', 'events', 'policy', 'validate', 'status', 'DOCKER_HOST']) {
      expect(out).toContain(word);
    }
    for (const row of Object.values(exitCodes)) {
      expect(out).toContain(`  ${row.code}  ${row.meaning}`);
    }
  });

  it('tells its version', async () => {
    expect(await lockkeeper('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each([
    [['nonsense'], "lockkeeper: unknown command 'nonsense'; see 'lockkeeper --help'\n"],
    [
      ['events', '--limit', 'x'],
      /^lockkeeper: option '-n, --limit <number>' argument 'x' is invalid. It takes [^\n]*\n$/,
    ],
    [['events', 'surplus'], /^lockkeeper: too many arguments [^\n]*\n$/],
    [['validate'], /^lockkeeper: missing required argument 'file'[^\n]*\n$/],
    [
      ['serve', '--dashboard', '65536'],
      /^lockkeeper: option '--dashboard <port>' argument '65536' is invalid[^\n]*\n$/,
    ],
  ] as const)('refuses %j in one line', async (args, complaint) => {
    const result = await lockkeeper(...args);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.complaints).toMatch(complaint);
  });

  it.each(['events', 'policy', 'status', 'dashboard'])('says when no Lockkeeper runs: %s', async (command) => {
    const { code, complaints } = await lockkeeper(command, '--state', '/nowhere/at/all');
    expect(code).toBe(3);
    expect(complaints).toMatch(
      /^lockkeeper: no Lockkeeper answers at \/nowhere\/at\/all\/control.sock: start it[^\n]*\n$/,
    );
  });

  it('says when the path of its socket is too long', async () => {
    const { code, complaints } = await lockkeeper('events', '--state', `/${'a'.repeat(120)}`);
    expect(code).toBe(3);
    expect(complaints).toMatch(/a unix socket's may have \d+: name a shorter state folder with --state\n$/);
  });
});

describe('lockkeeper events', () => {
  let folder: string;
  let journal: Journal;
  let server: ControlServer;

  const decision = (outcome: 'passed' | 'refused', containerId: string): EventBody => ({
    type: 'decision',
    outcome,
    caller: { listener: 'container-socket', containerId },
    method: 'GET',
    path: '/x',
    operation: 'X',
    command: 'ps',
  });

  beforeAll(async () => {
    keepToOurselves();
    folder = await mkdtemp(join(tmpdir(), 'lockkeeper-cli-'));
    journal = await openJournal({ folder, writePasses: () => false });
    const empty = emptyHandlers();
    const opened = await serveControl({
      path: join(folder, 'control.sock'),
      version: '1',
      handlers: {
        ...empty,
        requests: {
          ...empty.requests,
          recentEvents: (filter) => ({ ok: true, value: { run: journal.run, events: [...journal.recent(filter)] } }),
        },
        pushes: {
          ...empty.pushes,
          event: (filter, push) =>
            journal.subscribe(
              (event) => {
                if (matchesFilter(event, filter)) {
                  push(event);
                }
              },
              filter.from === undefined ? {} : { from: filter.from },
            ),
        },
      },
    });
    if (!opened.ok) {
      throw new Error(opened.message);
    }
    server = opened.server;
    journal.record(decision('passed', 'c1'));
    journal.record(decision('refused', 'c1'));
    journal.record(decision('refused', 'c2'));
    await journal.flush();
  });

  afterAll(async () => {
    await server.close();
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function sequences(...args: string[]): Promise<number[]> {
    const { out, code } = await lockkeeper('events', '--state', folder, '--json', ...args);
    expect(code).toBe(0);
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).sequence);
  }

  it('are what the ring holds, narrowed as asked', async () => {
    const [all, blocked, notable, ofOne, last, written] = await Promise.all([
      sequences(),
      sequences('--blocked'),
      sequences('--no-passed'),
      sequences('--container', 'c1'),
      sequences('-n', '1'),
      sequences('--file', '--container', 'c1'),
    ]);
    expect({ all, blocked, notable, ofOne, last, written }).toEqual({
      all: [1, 2, 3],
      blocked: [2, 3],
      notable: [2, 3],
      ofOne: [1, 2],
      last: [3],
      written: [2],
    });
  });

  it('are lines for people by default', async () => {
    const { out } = await lockkeeper('events', '--state', folder, '--blocked', '-n', '1');
    expect(out).toMatch(/\d\d:\d\d:\d\d {2}blocked {2}docker ps {2}\(container c2\)\n$/);
  });

  it('go on with --follow, until nobody reads them', async () => {
    const child = launch(['events', '--state', folder, '--json', '--blocked', '--follow', '-n', '1']);
    const closed = once(child, 'close');
    const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
    const next = async (): Promise<number> => JSON.parse(String((await lines.next()).value)).sequence;
    expect(await next()).toBe(3);
    journal.record(decision('passed', 'c1'));
    const live = journal.record(decision('refused', 'c1'));
    expect(await next()).toBe(live.sequence);
    child.stdout?.destroy();
    const more = setInterval(() => journal.record(decision('refused', 'c1')), 5);
    const [code] = await closed;
    clearInterval(more);
    expect(code).toBe(0);
  });

  it('report named errors of the running Lockkeeper', async () => {
    expect(await lockkeeper('status', '--state', folder)).toEqual({
      code: 1,
      out: '',
      complaints: 'lockkeeper: status\n',
    });
  });
});
