import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { runOrThrow, SYSTEM_PATH } from '../lab/command.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { mountsBelow } from '../lab/reap.ts';

describe('the end of a lab', () => {
  const labs: Lab[] = [];
  afterEach(async () => {
    for (const lab of labs.splice(0)) await lab.stop();
  });
  const start = async (name: string): Promise<Lab> => {
    const lab = await startLab({ name });
    labs.push(lab);
    return lab;
  };

  test('two labs run at once without seeing each other, and stop alone', async () => {
    const [one, two] = await Promise.all([start('one'), start('two')]);
    await one.publish('example/app:1', { from: 'alpine', files: { '/lab': 'one' } });
    await two.publish('example/app:1', { from: 'alpine', files: { '/lab': 'two' } });
    const read = ['run', '--rm', 'example/app:1', 'cat', '/lab'];
    expect(await Promise.all([one.dockerOutput(read), two.dockerOutput(read)])).toEqual(['one', 'two']);
    await one.stop();
    expectGone(one.folder);
    expect(await two.dockerOutput(read)).toBe('two');
  });

  test('nothing is left, whatever ran in it, and what was bound from outside stays', async () => {
    const before = traces();
    const lab = await start('busy');
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'kept'), 'kept');
    await runBusyContainers(lab, outside);
    const name = basename(lab.folder);
    const shims = shimSockets(name);
    expect(shims.length).toBe(2);
    expect(mountsBelow(lab.folder).length).toBeGreaterThan(0);
    expect(processesOf(name).length).toBeGreaterThan(4);
    await lab.stop();
    expectGone(lab.folder);
    expect(readFileSync(join(outside, 'kept'), 'utf8')).toBe('kept');
    expect(shims.filter((socket) => existsSync(socket))).toEqual([]);
    expect(traces()).toEqual(before);
    rmSync(outside, { recursive: true });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('a process that gets %s takes its lab with it', async (signal) => {
    const { child, folder } = await labInAnotherProcess();
    child.kill(signal);
    await once(child, 'exit');
    expectGone(folder);
    expect(child.signalCode).toBe(signal);
  });

  test('a process that ends by itself takes its lab with it', async () => {
    const { child, folder } = await labInAnotherProcess();
    child.stdin?.end();
    await once(child, 'exit');
    expectGone(folder);
    expect(child.exitCode).toBe(7);
  });

  test('what a killed process left goes when the next lab starts', async () => {
    const { child, folder } = await labInAnotherProcess();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(folder)).toBe(true);
    await start('next');
    expectGone(folder);
  });

  test('a folder that only looks like a dead lab, and is not ours, stays', async () => {
    const folder = '/var/tmp/lk-1-0-strange1';
    mkdirSync(folder);
    chownSync(folder, 1000, 1000);
    await start('next');
    expect(existsSync(folder)).toBe(true);
    chownSync(folder, 0, 0);
    await start('nextbutone');
    expectGone(folder);
  });
});

/** Host network and PID namespaces, a restart policy, and bind mounts of a folder outside the lab below the lab's. */
async function runBusyContainers(lab: Lab, outside: string): Promise<void> {
  const volume = ['--opt', 'type=none', '--opt', 'o=bind', '--opt', `device=${outside}`, 'outside'];
  await lab.dockerOutput(['volume', 'create', ...volume]);
  const run = ['run', '--detach', '--restart', 'always', '--volume', 'outside:/outside'];
  await lab.dockerOutput([...run, 'malicious-image', 'sleep', '600']);
  const inFolder = join(lab.work, 'with a space');
  mkdirSync(inFolder);
  await runOrThrow('mount', ['--bind', outside, inFolder], { env: SYSTEM_PATH });
  await lab.dockerOutput([...run, '--network', 'host', '--pid', 'host', 'malicious-image', 'sleep', '600']);
}

/** A lab in a process of its own, which exits with code 7 when its input ends. */
async function labInAnotherProcess() {
  const program = `
    import { startLab } from '${join(import.meta.dirname, '../lab/lab.ts')}';
    const lab = await startLab({ name: 'other' });
    await lab.dockerOutput(['run', '--detach', 'malicious-image', 'sleep', '600']);
    process.stdin.on('end', () => process.exit(7)).resume();
    console.log(lab.folder);
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { child, folder: String(line).trim() };
}

function expectGone(folder: string): void {
  const name = basename(folder);
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(`/run/netns/${name}`)).toBe(false);
  expect(mountsBelow(folder)).toEqual([]);
  expect(processesOf(name)).toEqual([]);
  const cgroups = readdirSync('/sys/fs/cgroup').map((entry) => join('/sys/fs/cgroup', entry, name));
  expect([join('/sys/fs/cgroup', name), ...cgroups].filter((path) => existsSync(path))).toEqual([]);
}

/** Processes that name the lab: in their arguments, their cgroup, or by what they have open. A zombie has none of it. */
function processesOf(name: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      readlinkSync(`/proc/${pid}/ns/net`);
      const texts = ['cmdline', 'cgroup'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
      return texts.some((text) => text.includes(name));
    } catch {
      return false;
    }
  });
}

/** Sockets of containerd's shims, which lie in one folder of the whole machine; /proc/PID/net/unix is per namespace. */
function shimSockets(name: string): readonly string[] {
  const [pid] = processesOf(name).filter((one) => readFileSync(`/proc/${one}/cmdline`, 'utf8').startsWith('dockerd'));
  return [...new Set(readFileSync(`/proc/${pid}/net/unix`, 'utf8').match(/\/run\/containerd\/s\/[0-9a-f]+$/gm))];
}

/** What a lab could leave on the machine outside its own folder. */
function traces() {
  return {
    interfaces: readdirSync('/sys/class/net'),
    dockerSocket: existsSync('/var/run/docker.sock'),
    key: existsSync('/etc/docker/key.json'),
  };
}
