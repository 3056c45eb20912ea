import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { exitCodes } from '../../../main/cli/exit-codes.ts';
import type { Status } from '../../../shared/ipc/status.ts';
import { attachLab } from '../../lab/lab.ts';
import { type Running, settingsJson, startLockkeeper } from '../running.ts';
import { lockkeeper } from './checking.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
const walked = new Set<number>();
let keeper: Running;
let folder: string;
let settings: string;

beforeAll(async () => {
  keeper = await startLockkeeper(lab, { images: ['docker:cli'], commands: ['push'] });
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  folder = mkdtempSync(join(lab.work, 'codes-'));
  settings = join(folder, 'settings.json');
  writeFileSync(settings, settingsJson({ images: ['docker:cli'], commands: ['push'] }), { mode: 0o644 });
});
afterAll(async () => {
  await keeper.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs it and notes the code, which the last test compares with the table. */
async function ran(...args: string[]) {
  const result = await lockkeeper(lab, args);
  walked.add(result.code);
  return result;
}

const nobody = () => ['--state', join(folder, 'nobody')];
const errorOf = (stderr: string) => JSON.parse(stderr).error;

describe('exit codes', () => {
  it('0: status, and all that is in it', async () => {
    const name = 'codes-holder';
    await lab.dockerOutput(['create', '--name', name, '-v', BIND, 'docker:cli'], { host: keeper.url });
    await lab.docker(['create', '-v', BIND, 'alpine'], { host: keeper.url });
    await lab.docker(['push', 'alpine'], { host: keeper.standing });
    const { code, stdout } = await ran('status', '--json', '--state', keeper.state);
    expect(code).toBe(0);
    const status: Status = JSON.parse(stdout);
    expect(status).toMatchObject({
      pid: keeper.pid,
      enforcement: 'enforcing',
      engine: { endpoint: lab.engineUrl, reachable: true, since: expect.stringMatching(/^\d{4}-.*Z$/) },
      policy: { state: 'in-force', problems: [], files: [expect.stringContaining('admin-settings.json')] },
      listeners: [
        { kind: 'host-gate', path: keeper.hostGate, requests: { granted: 1, refused: 1 } },
        { kind: 'standing-socket', path: keeper.standing.replace('unix://', ''), requests: { granted: 0, refused: 1 } },
      ],
      holders: [{ image: 'docker.io/library/docker:cli', entry: 'docker:cli', requests: { passed: 0, refused: 0 } }],
      journal: { file: join(keeper.state, 'journal.jsonl') },
      problems: [],
    });
    expect(status.uptimeSeconds).toBeGreaterThanOrEqual(0);
    await lab.dockerOutput(['rm', '-v', name], { host: keeper.url });
  });

  it('1: an invalid settings file', async () => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, settingsJson({ commands: ['psuh'] }), { mode: 0o644 });
    const { code, stdout } = await ran('validate', '--json', bad);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ file: bad, valid: false, problems: [{ line: 1 }] });
  });

  it('2: a wrong command line, in one line or as JSON', async () => {
    expect(await ran('policy', '--nonsense')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: "lockkeeper: unknown option '--nonsense'; see 'lockkeeper --help'\n",
    });
    const json = await ran('policy', '--json', '--nonsense');
    expect(json.code).toBe(2);
    expect(errorOf(json.stderr)).toMatchObject({ name: 'usage' });
  });

  it('3: nobody runs', async () => {
    for (const command of ['status', 'policy', 'events']) {
      const { code, stdout, stderr } = await ran(command, '--json', ...nobody());
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(errorOf(stderr)).toMatchObject({ name: 'not-running' });
    }
    expect(readdirSync(folder)).not.toContain('nobody');
  });

  it('4: another one runs, and is named', async () => {
    const gate = join(folder, 'g', 'd.sock');
    const { code, stderr } = await ran(
      'serve',
      '--state',
      keeper.state,
      '--host-gate',
      gate,
      '--engine',
      lab.engineUrl,
    );
    expect(code).toBe(4);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`process ${keeper.pid}, version `);
    expect(stderr).toMatch(/runs since \d{4}-\d\d-\d\dT[\d:.]+Z and answers at \S+control\.sock/);
    expect(stderr).toContain(join(keeper.state, 'control.sock'));
  });

  it('5: it would be blocked, also when nobody runs, by the files and the engine', async () => {
    const line = ['--', 'docker', 'run', '-v', BIND, 'alpine'];
    const { code, stdout } = await ran(
      'check',
      '--settings',
      settings,
      '--engine',
      lab.engineUrl,
      ...nobody(),
      ...line,
    );
    expect(code).toBe(5);
    expect(stdout).toMatch(/^no Lockkeeper runs here: decided by the settings files and what the engine says now\n/);
    expect(stdout).toContain('image is not in the allowed list');
    const allowed = [...line.slice(0, -1), 'docker:cli'];
    const granted = await ran('check', '--settings', settings, '--engine', lab.engineUrl, ...nobody(), ...allowed);
    expect(granted.stdout).toContain('gets a filtered socket at /var/run/docker.sock');
    expect(granted.code).toBe(0);
    expect(readdirSync(folder)).not.toContain('nobody');
  });

  it('6: without an engine, what needs it is not decided, and the rest is', async () => {
    const away = ['--settings', settings, '--engine', `unix://${folder}/none.sock`, ...nobody()];
    const image = await ran('check', '--json', ...away, '--', 'docker', 'run', '-v', BIND, 'docker:cli');
    expect(image.code).toBe(6);
    const report = JSON.parse(image.stdout);
    expect(report).toMatchObject({ by: 'files', verdict: 'undecided' });
    expect(report.steps[0]).toMatchObject({ verdict: 'undecided', reason: 'engine-unreachable' });
    const command = await ran('check', '--json', ...away, '--from', 'filtered', '--', 'docker', 'push', 'x');
    expect(command.code).toBe(5);
    expect((await ran('check', ...away, '--', 'docker', 'ps')).code).toBe(0);
  });

  it('7: doctor finds something that leads past Lockkeeper, or keeps it from working', async () => {
    const found = await ran('doctor', '--json', '--engine', `unix://${folder}/none.sock`, ...nobody());
    expect(found.code).toBe(7);
  });

  it('were all walked', () => {
    expect([...walked].sort()).toEqual(Object.values(exitCodes).map(({ code }) => code));
  });
});
