import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { runCommand } from '../../lab/command.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { type Running, settingsJson, startLockkeeper } from '../running.ts';

const PROGRAM = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;
let lab: Lab;
let home: string;

/** An engine that also listens on TCP, where only this lab can reach it. */
beforeAll(async () => {
  lab = await startLab({ name: 'doctor', tcp: '127.0.0.1:2375' });
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
});
afterAll(() => lab.stop());
beforeEach(() => {
  mkdirSync(lab.work, { recursive: true });
  home = mkdtempSync(join(lab.work, 'home-'));
});

interface Examined {
  readonly code: number;
  readonly by: string;
  readonly ok: boolean;
  readonly of: (check: SetUpCheck['check']) => string;
}

/** Runs `lockkeeper doctor --json` in a terminal of its own. */
async function doctor(
  args: readonly string[],
  env: Record<string, string> = {},
  inside: string[] = [],
): Promise<Examined> {
  const [file = '', ...rest] = [...inside, process.execPath, PROGRAM, 'doctor', '--json', ...args];
  const ran = await runCommand(file, rest, { env: { PATH: process.env.PATH ?? '', HOME: home, ...env } });
  if (ran.stderr !== '') throw new Error(ran.stderr);
  const { by, ok, checks } = JSON.parse(ran.stdout) as {
    by: string;
    ok: boolean;
    checks: (SetUpCheck & { text: string })[];
  };
  const of = (name: string) => {
    const found = checks.find(({ check }) => check === name);
    return `${found?.state} ${found?.finding}: ${found?.text}`;
  };
  return { code: ran.code, by, ok, of };
}

describe('without a running Lockkeeper', () => {
  it('that is what it says first, and it looks at all that needs none', async () => {
    const settings = join(home, 'admin-settings.json');
    writeFileSync(settings, settingsJson({ images: ['docker:cli'] }), { mode: 0o644 });
    const state = join(home, 'state');
    const examined = await doctor(['--state', state, '--engine', lab.engineUrl, '--settings', settings]);
    expect(examined).toMatchObject({ code: 7, by: 'files', ok: false });
    expect(examined.of('lockkeeper')).toMatch(/^fail not-running: .*control\.sock/);
    expect(examined.of('engine')).toContain('pass reachable');
    expect(examined.of('policy')).toBe(`pass locked: The policy in ${settings} is in force and locked.`);
    expect(examined.of('raw-sockets')).toContain('pass none');
    expect(examined.of('blocked-mount')).toContain('unknown not-running');
    expect(examined.of('engine-on-tcp')).toContain('pass closed');
    expect(examined.of('docker-group')).toContain('pass private');
    expect(examined.of('docker-context')).toContain('fail other');
  });

  it('finds an engine on TCP where it is reachable, and containers past it', async () => {
    const around = ['run', '-d', '--name', 'agent', '-v', `${lab.engineSocket}:/x`, 'alpine', 'sleep', '600'];
    await lab.dockerOutput(around);
    const netns = ['nsenter', `--net=/run/netns/${basename(lab.folder)}`];
    const examined = await doctor(['--state', join(home, 's'), '--engine', lab.engineUrl], {}, netns);
    expect(examined.of('engine-on-tcp')).toContain('fail open: An engine answers at 127.0.0.1:2375 to everybody');
    expect(examined.of('raw-sockets')).toContain(
      'fail running: These containers command the engine past Lockkeeper: agent',
    );
    await lab.dockerOutput(['rm', '-f', 'agent']);
  });

  it('says that the engine is away, and what is not known then', async () => {
    const examined = await doctor(['--state', join(home, 's'), '--engine', `unix://${home}/none.sock`]);
    expect(examined.of('engine')).toContain('fail unreachable');
    expect(examined.of('raw-sockets')).toContain('unknown unknown');
    expect(examined.of('versions')).toContain('unknown unknown');
    expect(examined.of('docker-group')).toContain('unknown no-file');
  });

  it('takes only engines that it knows how to reach', async () => {
    const ran = await runCommand(process.execPath, [PROGRAM, 'doctor', '--engine', 'ssh://x', '--state', home], {
      env: { HOME: home },
    });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^lockkeeper: ssh:\/\/x is not an engine URL/);
  });
});

describe('with a running Lockkeeper', () => {
  let keeper: Running;
  beforeAll(async () => {
    keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
  });
  afterAll(() => keeper.stop());

  it('everything is in order once DOCKER_HOST leads to it', async () => {
    const examined = await doctor(['--state', keeper.state], { DOCKER_HOST: keeper.url });
    expect(examined.of('docker-context')).toContain('pass host-decides');
    expect(examined.of('docker-host')).toContain('pass ours');
    expect(examined.of('blocked-mount')).toContain('pass would-be-refused');
    expect(examined).toMatchObject({ code: 0, by: 'running', ok: true });
    const events = await keeper.events();
    expect(events.filter(({ outcome }) => outcome === 'refused')).toEqual([]);
  });

  it('looks at the terminal that asks, and not at the one that Lockkeeper was started from', async () => {
    writeFileSync(join(home, '.testcontainers.properties'), 'tc.host=tcp://127.0.0.1:1\n');
    const examined = await doctor(['--state', keeper.state], { DOCKER_HOST: lab.engineUrl });
    expect(examined.of('docker-host')).toContain(`fail other: DOCKER_HOST is ${lab.engineUrl}`);
    expect(examined.of('testcontainers')).toContain('warn other: tc.host');
    expect(examined.code).toBe(7);
  });

  it('proves with a real create that a mount is refused', async () => {
    const examined = await doctor(['--state', keeper.state, '--prove'], { DOCKER_HOST: keeper.url });
    expect(examined.of('blocked-mount')).toMatch(
      /^pass refused: Just now a container of (alpine|malicious-image):latest asked for the Docker socket, and was refused: “enhanced container isolation: docker socket mount denied/,
    );
    const refused = (await keeper.events()).filter(({ outcome }) => outcome === 'refused');
    expect(refused).toMatchObject([
      { operation: 'ContainerCreate', reason: 'not-listed', caller: { listener: 'host-gate' } },
    ]);
    expect(await lab.dockerOutput(['ps', '-aq'])).toBe('');
  });

  it('does not call it proof where every image may have a socket, or nothing is enforced', async () => {
    const look = async (...args: string[]) => {
      const examined = await doctor(['--state', keeper.state, ...args], { DOCKER_HOST: keeper.url });
      return examined.of('blocked-mount');
    };
    await keeper.apply({ images: ['*'] });
    expect(await look()).toContain('warn everything');
    expect(await look('--prove')).toContain('unknown no-image');
    await keeper.apply({ value: false });
    expect(await look()).toContain('fail passes');
    await keeper.apply({ images: ['docker:cli'] });
  });

  it('is people’s to read, too', async () => {
    const ran = await keeper.cli('doctor');
    expect(ran.code).toBe(7);
    const lines = ran.stdout.split('\n');
    const problem = lines.findIndex((line) => line.startsWith('PROBLEM  Docker context: '));
    expect(lines[problem + 1]).toMatch(/^ {9}-> docker context create .*&& docker context use lockkeeper$/);
    expect(lines[0]).toMatch(/^ok {7}Lockkeeper: Lockkeeper \d.* runs and takes Docker’s requests at unix:\/\//);
    expect(lines.at(-2)).toMatch(/^1 to be mended, .*in order$/);
  });
});
