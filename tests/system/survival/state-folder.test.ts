import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { askRunning, eventually, type Running, startLockkeeper } from '../running.ts';

const lab = attachLab(inject('lab'));
const BIND = '/var/run/docker.sock:/var/run/docker.sock';
const LABEL = 'test=state-folder';
let keeper: Running;

beforeAll(async () => {
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
});
beforeEach(async () => {
  keeper = await startLockkeeper(lab, { images: ['docker:cli'], commands: ['push'] });
});
afterEach(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${LABEL}`]);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', ...ids.split(/\s+/)]);
  await keeper.stop();
});
afterAll(() => {
  for (const path of mounted.splice(0)) execFileSync('umount', ['-l', path]);
});

const mounted: string[] = [];
const run = () =>
  lab.docker(['run', '-d', '--init', '--label', LABEL, '-v', BIND, 'docker:cli', 'sleep', '600'], { host: keeper.url });
const started = async () => {
  const { code, stdout, stderr } = await run();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
};
const asksInside = async (id: string) => (await lab.docker(['exec', id, 'docker', 'ps', '-q'])).code === 0;
const status = () => keeper.status();
const problems = async () => ((await status()).problems as { text: string }[]).map(({ text }) => text);
/** What a start says that fails. */
const startProblem = async () => {
  const ended = await keeper.restart().then(
    () => 'it started',
    (error: Error) => error.message,
  );
  return ended;
};

/** First out of the way: a folder in which somebody writes meanwhile cannot be removed piece by piece. */
function deleteAtOnce(path: string): void {
  renameSync(path, `${path}-deleted`);
  rmSync(`${path}-deleted`, { recursive: true });
}

describe('a state folder that is deleted', () => {
  it('while it runs is made anew, and it is told which containers must be restarted', async () => {
    const id = await started();
    deleteAtOnce(keeper.state);
    await eventually(async () => existsSync(join(keeper.state, 'control.sock')), 'it is made anew');
    const told = async () => (await keeper.events()).map(({ detail }) => String(detail)).join('\n');
    await eventually(async () => (await told()).includes('must be restarted'), 'it is told');
    expect(await told()).toContain(id.slice(0, 12));
    expect(await asksInside(id)).toBe(false);
    await lab.dockerOutput(['restart', '-t', '0', id], { host: keeper.url });
    expect(await asksInside(id)).toBe(true);
    expect(readdirSync(join(keeper.state, 'holders'))).toHaveLength(1);
    expect(await asksInside(await started())).toBe(true);
  });

  it('while it runs keeps what was chosen in the window', async () => {
    const chosen = await askRunning(keeper.state, 'setPreferences', { theme: 'dark' });
    expect(chosen).toMatchObject({ theme: 'dark' });
    deleteAtOnce(keeper.state);
    await eventually(async () => existsSync(join(keeper.state, 'preferences.json')), 'it is written anew');
    await keeper.restart();
    expect(await askRunning(keeper.state, 'setPreferences', {})).toEqual(chosen);
  });

  it('keeps others out while it runs', async () => {
    deleteAtOnce(keeper.state);
    await eventually(async () => (await keeper.cli('status')).code === 0, 'it answers again');
    const second = await keeper.cli('serve', '--host-gate', join(lab.work, 'second.sock'));
    expect(second).toMatchObject({ code: 4 });
  });

  it('while it is stopped: its containers have no socket, do not start, and it is told', async () => {
    const id = await started();
    await keeper.kill('SIGTERM');
    rmSync(keeper.state, { recursive: true });
    await keeper.restart();
    await eventually(async () => (await problems()).length === 1, 'it is told');
    expect((await problems())[0]).toContain(
      `(${id.slice(0, 12)}) was given a filtered socket of which there is no record`,
    );
    expect(await asksInside(id)).toBe(false);
    await lab.dockerOutput(['stop', '-t', '0', id]);
    const again = await lab.docker(['start', id], { host: keeper.url });
    expect(again.stderr).toContain('docker socket mount denied');
    expect(await asksInside(await started())).toBe(true);
  });
});

describe('single things in it that are deleted', () => {
  const key = () => readdirSync(join(keeper.state, 'sockets'))[0] ?? '';
  const folder = () => join(keeper.state, 'sockets', key());
  const told = async () => (await keeper.events()).map(({ detail }) => String(detail)).join('\n');

  it('a socket, while it runs, is made anew and works in the container, which need not be restarted', async () => {
    const id = await started();
    unlinkSync(join(folder(), 'docker.sock'));
    await eventually(() => asksInside(id), 'it works again');
    await eventually(async () => (await told()).includes('are made anew'), 'it is told');
    expect(await told()).not.toContain('must be restarted');
    expect(await problems()).toEqual([]);
  });

  it('a record, while it runs, is written anew', async () => {
    const id = await started();
    rmSync(join(keeper.state, 'holders', `${key()}.json`));
    await eventually(async () => existsSync(join(keeper.state, 'holders', `${key()}.json`)), 'it is there again');
    await keeper.restart();
    expect(await asksInside(id)).toBe(true);
  });

  it.each([['while it runs'], ['while it is stopped']])('a folder, %s: who has it mounted is listed', async (when) => {
    const id = await started();
    const gone = folder();
    if (when === 'while it is stopped') await keeper.kill('SIGTERM');
    deleteAtOnce(gone);
    if (when === 'while it is stopped') await keeper.restart();
    const isListed = async () => (await problems()).some((text) => text.includes(`(${id.slice(0, 12)}, `));
    await eventually(isListed, 'it is listed');
    expect((await problems())[0]).toContain('the folder that it has mounted was removed');
    expect(await asksInside(id)).toBe(false);
    await lab.dockerOutput(['restart', '-t', '0', id], { host: keeper.url });
    await eventually(async () => (await problems()).length === 0, 'it is listed no more');
    expect(await asksInside(id)).toBe(true);
  });
});

describe('a disk that cannot be written', () => {
  beforeEach(async () => {
    await keeper.kill('SIGTERM');
    rmSync(keeper.state, { recursive: true });
    mkdirSync(keeper.state, { mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', keeper.state]);
    mounted.push(keeper.state);
    await keeper.restart();
  });
  afterEach(async () => {
    await keeper.kill('SIGTERM');
    for (const path of mounted.splice(0)) execFileSync('umount', ['-l', path]);
  });

  it('since it is full: creates that need it are refused with the remedy, everything else goes on', async () => {
    const id = await started();
    const filler = join(keeper.state, 'filler');
    execFileSync('sh', ['-c', `cat /dev/zero > ${filler} 2>/dev/null || true`]);
    const refused = await run();
    expect(refused.stderr).toContain('the disk is full; free space on it');
    expect(await lab.dockerOutput(['ps', '-aq', '--filter', `label=${LABEL}`])).toBe(id.slice(0, 12));
    expect(await asksInside(id)).toBe(true);
    const [event] = (await keeper.events()).filter(({ reason }) => reason === 'state-unusable');
    expect(event).toMatchObject({ type: 'decision', outcome: 'refused', operation: 'ContainerCreate' });
    rmSync(filler);
    expect(await asksInside(await started())).toBe(true);
  });

  it('since it is read-only: the same, and the next start says why it cannot', async () => {
    const id = await started();
    // A mount of its own: the one below has the journal open for writing, which keeps it from becoming read-only.
    execFileSync('mount', ['--bind', keeper.state, keeper.state]);
    mounted.push(keeper.state);
    execFileSync('mount', ['-o', 'remount,bind,ro', keeper.state]);
    expect((await run()).stderr).toContain('the file system is read-only; mount it writable');
    expect(await asksInside(id)).toBe(true);
    expect(await startProblem()).toContain('the state folder cannot be used: ');
    execFileSync('mount', ['-o', 'remount,bind,rw', keeper.state]);
    await keeper.restart();
    expect(await asksInside(id)).toBe(true);
  });
});

describe('a state folder that is not what we left', () => {
  it('but what a crash left in the middle of a write: what is whole counts, the rest is put aside and told', async () => {
    const [one, other] = [await started(), await started()];
    await keeper.kill('SIGKILL');
    const holders = join(keeper.state, 'holders');
    const [damaged = ''] = readdirSync(holders);
    writeFileSync(join(holders, damaged), '{"version":1,"key":');
    writeFileSync(join(holders, 'aaaaaaaaaaaaaaaa.json.new'), '{');
    writeFileSync(join(keeper.state, 'last-good-policy.json.new'), '{');
    await keeper.restart();
    expect(readdirSync(holders).sort()).toEqual(
      [...readdirSync(join(keeper.state, 'sockets')).map((key) => `${key}.json`)]
        .map((name) => (name === damaged ? `${name}.unreadable` : name))
        .sort(),
    );
    // Others may be there for a moment: it writes again already.
    expect(readdirSync(keeper.state)).not.toContain('last-good-policy.json.new');
    expect((await problems())[0]).toContain(`it is kept as ${join(holders, damaged)}.unreadable`);
    const answers = [await asksInside(one), await asksInside(other)];
    expect(answers.sort()).toEqual([false, true]);
    expect(await problems()).toHaveLength(1);
    expect(await lab.dockerOutput(['ps', '-q', '--filter', `label=${LABEL}`])).toContain(one.slice(0, 12));
  });

  const spoilers: readonly (readonly [string, (state: string) => void, RegExp])[] = [
    [
      'of a newer version',
      (state) => writeFileSync(join(state, 'version'), '2\n'),
      /was written by a newer Lockkeeper \(its version is 2, and this one knows 1\): run the newer one/,
    ],
    [
      'whose version is no number',
      (state) => writeFileSync(join(state, 'version'), 'x'),
      /does not hold the version of a state folder/,
    ],
    ['of another user', (state) => chownSync(state, 1234, 1234), /belongs to user 1234, and Lockkeeper runs as user 0/],
    ['that others can write', (state) => chmodSync(state, 0o777), /can be written by others/],
    [
      'that is a file',
      (state) => {
        renameSync(state, `${state}-away`);
        writeFileSync(state, '');
      },
      /is not a folder: move it away, or choose another/,
    ],
    [
      'with a file where sockets belong',
      (state) => {
        rmSync(join(state, 'sockets'), { recursive: true });
        writeFileSync(join(state, 'sockets'), '');
      },
      /sockets cannot be written: something else is in its place; move that away/,
    ],
  ];

  it('is refused in each case in one line that says what to do', async () => {
    await keeper.kill('SIGTERM');
    const pristine = `${keeper.state}-pristine`;
    renameSync(keeper.state, pristine);
    for (const [what, spoil, words] of spoilers) {
      execFileSync('cp', ['-a', pristine, keeper.state]);
      spoil(keeper.state);
      expect(await startProblem(), what).toMatch(words);
      rmSync(keeper.state, { recursive: true });
    }
    renameSync(pristine, keeper.state);
    await keeper.restart();
    expect((await request(keeper.hostGate, '/_ping')).status).toBe(200);
  });
});
