import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RefreshProgress } from '../../../shared/ipc/refresh.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { publishAndPull, type ResolvedLists, startLists, versioned } from './resolved.ts';

const PROGRAM = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;
const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';

let lab: Lab;
let lists: ResolvedLists;

beforeAll(async () => {
  // One attempt for each layer: a pull that fails is to fail at once.
  lab = await startLab({ name: 'refresh', engine: { 'max-download-attempts': 1 } });
  lists = await startLists(lab, { images: ['tool/*:1', 'moving/a:1', 'moving/b:1', 'moving/c:1', 'docker:cli'] });
  // The questions of the start are answered: what is published from now on, it does not know.
  for (const name of ['a', 'b', 'c']) await lists.entry(`moving/${name}:1`, 'absent');
});
afterAll(async () => {
  await lists?.stop();
  await lab?.stop();
});

const refresh = (...args: string[]) => lists.keeper.cli('refresh', ...args);
const idOf = (name: string) => lab.dockerOutput(['image', 'inspect', '-f', '{{.Id}}', name]);
const exists = async (id: string) => (await lab.docker(['image', 'inspect', id])).code === 0;
const runs = (name: string) => lab.docker(['run', '--rm', '-v', SOCKET, name, 'true'], { host: lists.keeper.url });

/** An image that is here in an older version than the registry has. */
async function makeStale(name: string) {
  const from = await publishAndPull(lab, name, `${name} at first`);
  const id = await idOf(name);
  const to = await lab.publish(name, versioned(`${name} now, ${Date.now()}`));
  return { id, from: from.digest, to: to.digest };
}

describe('lockkeeper refresh', () => {
  it('makes a stale image what the registry has, and its container starts, without a restart', async () => {
    const { id, from, to } = await makeStale('moving/a:1');
    const refused = await runs('moving/a:1');
    expect(refused.stderr).toContain("its digest differs from the registry's");
    await lists.entry('moving/a:1', 'stale');

    const done = await refresh('moving/a:1', '--json');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(done.stdout)).toMatchObject({
      images: [{ image: 'moving/a:1', stage: 'done', from, to, removedContainers: [] }],
      unanswered: [],
    });
    expect(await runs('moving/a:1')).toMatchObject({ code: 0, stderr: '' });
    await lists.entry('moving/a:1', 'match');
    expect(await exists(id)).toBe(false);
  });

  it('counts a newer version from the moment on in which it is pulled', async () => {
    // Asked a moment ago, and the registry has moved since: what is remembered must not stand in the way.
    await lab.publish('moving/a:1', versioned('newer'));
    expect(await refresh('moving/a:1')).toMatchObject({ code: 0 });
    expect(await runs('moving/a:1')).toMatchObject({ code: 0 });
  });

  it('says in lines what it does', async () => {
    await makeStale('moving/a:1');
    const { stdout, stderr, code } = await refresh('moving/a:1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // As many layers as the engine tells the end of: it leaves lines of its progress out when it likes.
    const layers = stdout.split('\n').filter((line) => /^moving\/a:1: [0-9a-f]{12}: /.test(line));
    for (const line of layers) expect(line).toMatch(/: (Pull complete|Already exists)$/);
    expect(stdout).toMatch(/^moving\/a:1: refreshed \(sha256:[0-9a-f]{12}… -> sha256:[0-9a-f]{12}…\)$/m);
    const again = await refresh('moving/a:1');
    expect(again.stdout).toMatch(/moving\/a:1: is what the registry has \(sha256:/);
    expect(again.code).toBe(0);
  });

  it('says what it would do, and does nothing, with --dry-run', async () => {
    const { id, from, to } = await makeStale('moving/b:1');
    await lab.dockerOutput(['create', '--name', 'dry', 'moving/b:1']);
    const dry = await refresh('moving/b:1', '--dry-run', '--json');
    const [plan] = JSON.parse(dry.stdout).images;
    expect(plan).toMatchObject({
      ...{ image: 'moving/b:1', verdict: 'refresh', localImageId: id, localDigest: from, registryDigest: to },
      containers: [{ name: 'dry', state: 'created', isRunning: false }],
      commands: ['docker image rm moving/b:1', 'docker pull moving/b:1'],
    });
    const words = await refresh('moving/b:1', '--dry-run');
    expect(words).toMatchObject({ code: 0, stderr: '' });
    expect(words.stdout).toContain('container dry (created) was made from the old image');
    expect(await idOf('moving/b:1')).toBe(id);
    await lab.dockerOutput(['rm', 'dry']);
  });

  it('brings all that is stale up to date with --all-stale, and leaves the rest alone', async () => {
    const stale = [await makeStale('moving/b:1'), await makeStale('moving/c:1')];
    const { to: matching } = await makeStale('moving/a:1');
    await refresh('moving/a:1');
    const dry = JSON.parse((await refresh('--all-stale', '--dry-run', '--json')).stdout);
    expect(dry.images.map(({ image }: { image: string }) => image)).toEqual(['moving/b:1', 'moving/c:1']);
    const all = await refresh('--all-stale', '--json');
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(all.stdout).images.map(({ to }: { to: string }) => to)).toEqual(stale.map(({ to }) => to));
    expect((await lists.entry('moving/a:1', 'match')).registryDigest).toBe(matching);
    for (const { id } of stale) expect(await exists(id)).toBe(false);
    expect(await refresh('--all-stale')).toMatchObject({ code: 0, stdout: 'nothing is stale\n' });
  });

  it('pulls what is not here, and knows a pinned digest', async () => {
    const { digest } = await lab.publish('tool/absent:1', versioned('absent'));
    expect(await refresh('tool/absent:1')).toMatchObject({ code: 0 });
    await lab.dockerOutput(['rmi', 'tool/absent:1']);
    await lists.keeper.apply({ images: [`tool/absent@${digest}`] });
    expect(await refresh(`tool/absent@${digest}`)).toMatchObject({ code: 0 });
    const name = await refresh('tool/absent:1');
    expect(name.stderr).toContain(`of docker.io/tool/absent it lists "tool/absent@${digest}"`);
    await lists.keeper.apply({ images: ['tool/*:1', 'moving/a:1', 'moving/b:1', 'moving/c:1', 'docker:cli'] });
  });

  it('refreshes nothing that is not listed, and says what is wrong with a name', async () => {
    const unlisted = await refresh('alpine');
    expect(unlisted).toMatchObject({ code: 1, stdout: '' });
    expect(unlisted.stderr).toContain(
      'no entry of the image list names docker.io/library/alpine:latest; run: docker pull',
    );
    expect((await refresh('docker:')).stderr).toContain('"docker:" has a colon without a tag');
    for (const args of [[], ['docker:cli', '--all-stale']]) {
      const usage = await refresh(...args, '--json');
      expect(usage.code).toBe(2);
      expect(JSON.parse(usage.stderr).error.name).toBe('usage');
    }
  });

  it('keeps the platform of an image that was pulled for another one', async () => {
    const arch = async () => lab.dockerOutput(['image', 'inspect', '-f', '{{.Architecture}}', 'tool/multi:1']);
    await lab.publish('tool/multi:1', { ...versioned('one'), otherArchitectures: ['riscv64'] });
    await lab.dockerOutput(['pull', '-q', '--platform', 'linux/riscv64', 'tool/multi:1']);
    expect(await arch()).toBe('riscv64');
    const { digest } = await lab.publish('tool/multi:1', { ...versioned('two'), otherArchitectures: ['riscv64'] });
    const { images } = JSON.parse((await refresh('tool/multi:1', '--json')).stdout);
    expect(images).toMatchObject([{ stage: 'done', to: digest }]);
    expect(await arch()).toBe('riscv64');
  });
});

describe('what still needs the old image', () => {
  it('keeps it: containers are named, and go only when that is asked for and they do not run', async () => {
    const { id } = await makeStale('tool/used:1');
    await lab.dockerOutput(['run', '-d', '--name', 'used-running', 'tool/used:1', 'sleep', '600']);
    await lab.dockerOutput(['create', '--name', 'used-stopped', 'tool/used:1', 'true']);
    const kept = await refresh('tool/used:1');
    expect(kept).toMatchObject({ code: 0 });
    expect(kept.stdout).toMatch(
      /the old image stays for containers that were made from it: used-stopped, used-running/,
    );
    expect(await exists(id)).toBe(true);
    expect(await runs('tool/used:1')).toMatchObject({ code: 0 });

    const second = await makeStale('tool/other:1');
    await lab.dockerOutput(['run', '-d', '--name', 'other-running', 'tool/other:1', 'sleep', '600']);
    await lab.dockerOutput(['create', '--name', 'other-stopped', 'tool/other:1', 'true']);
    const removed = JSON.parse((await refresh('tool/other:1', '--remove-stopped', '--json')).stdout);
    expect(removed.images).toMatchObject([
      { removedContainers: ['other-stopped'], left: { why: 'containers', names: ['other-running'] } },
    ]);
    expect(await exists(second.id)).toBe(true);
    const running = await lab.dockerOutput(['inspect', '-f', '{{.State.Running}}', 'used-running', 'other-running']);
    expect(running).toBe('true\ntrue');
    await lab.dockerOutput(['rm', '-f', 'used-running', 'used-stopped', 'other-running']);
  });

  it('is removed with the stopped containers where nothing else has it', async () => {
    const { id } = await makeStale('tool/stopped:1');
    await lab.dockerOutput(['create', '--name', 'only-stopped', 'tool/stopped:1', 'true']);
    expect(await refresh('tool/stopped:1', '--remove-stopped')).toMatchObject({ code: 0 });
    expect(await exists(id)).toBe(false);
  });

  it('keeps it for another name, and where no registry has it', async () => {
    const { id } = await makeStale('tool/named:1');
    await lab.dockerOutput(['tag', 'tool/named:1', 'mine:own']);
    expect((await refresh('tool/named:1')).stdout).toContain('the old image stays, since it is also named mine:own');
    expect(await idOf('mine:own')).toBe(id);

    await lab.publish('tool/local:1', versioned('published'));
    await lab.loadLocalOnly('tool/local:1', versioned('never pushed'));
    const local = await idOf('tool/local:1');
    expect((await refresh('tool/local:1')).stdout).toContain('no registry is known to have it');
    expect(await exists(local)).toBe(true);
    expect(await idOf('tool/local:1')).not.toBe(local);
  });

  it('puts the real image in the place of one that only bears its name', async () => {
    await lab.dockerOutput(['tag', 'malicious-image', 'docker:cli']);
    expect((await runs('docker:cli')).code).not.toBe(0);
    expect(await refresh('docker:cli')).toMatchObject({ code: 0 });
    expect(await runs('docker:cli')).toMatchObject({ code: 0 });
    expect(await idOf('malicious-image')).toBeDefined();
  });
});

describe('what goes wrong', () => {
  it('removes nothing while the registry cannot be reached', async () => {
    const { id } = await makeStale('moving/a:1');
    await lab.registry.stop();
    try {
      const failed = await refresh('moving/a:1', '--remove-stopped');
      expect(failed).toMatchObject({ code: 1 });
      expect(failed.stderr).toMatch(/^lockkeeper: moving\/a:1: not refreshed.*: docker\.io could not be reached/);
      const dry = await refresh('moving/a:1', '--dry-run', '--json');
      expect(dry.code).toBe(1);
      expect(JSON.parse(dry.stdout).images).toMatchObject([{ verdict: 'blocked' }]);
    } finally {
      await lab.registry.start();
    }
    expect(await idOf('moving/a:1')).toBe(id);
    expect(await refresh('moving/a:1')).toMatchObject({ code: 0 });
  });

  it('leaves the image in place when the pull fails in the middle, and says why', async () => {
    const { id } = await makeStale('moving/b:1');
    lab.loseLayer('moving/b:1');
    const failed = await refresh('moving/b:1', '--json');
    expect(failed).toMatchObject({ code: 1, stderr: '' });
    const [result] = JSON.parse(failed.stdout).images;
    expect(result).toMatchObject({
      stage: 'failed',
      problem: expect.stringContaining('the engine could not pull it ('),
    });
    expect(await idOf('moving/b:1')).toBe(id);
    expect(await lab.docker(['run', '--rm', 'moving/b:1', 'true'])).toMatchObject({ code: 0 });
    await lists.entry('moving/b:1', 'stale');
    const events = await lists.keeper.events();
    expect(events.filter(({ what }) => what === 'image-not-refreshed').at(-1)?.detail).toContain('moving/b:1: ');
  });

  it('cancels with Ctrl+C, and leaves the image as it is', async () => {
    const { id } = await makeStale('moving/c:1');
    let asking = () => {};
    const isAsking = new Promise<void>((resolve) => {
      asking = resolve;
    });
    const value = (all: readonly RefreshProgress[]) => {
      if (all.some(({ image, stage }) => image === 'moving/c:1' && stage === 'asking')) asking();
    };
    await lists.client.subscribe('refreshes', {}, { value, lost: () => undefined });
    lab.registry.pause();
    try {
      const child = spawn(process.execPath, [PROGRAM, 'refresh', 'moving/c:1', '--state', lists.keeper.state]);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (data: Buffer) => {
          output += data.toString();
        });
      }
      await isAsking;
      child.kill('SIGINT');
      await eventually(async () => output.includes('cancelling'), 'it has heard');
      lab.registry.resume();
      expect(await ended).toBe(1);
      expect(output).toContain('moving/c:1: cancelled');
    } finally {
      lab.registry.resume();
    }
    expect(await idOf('moving/c:1')).toBe(id);
  });

  it('tells the journal what was done', async () => {
    await makeStale('moving/c:1');
    await refresh('moving/c:1');
    const done = (await lists.keeper.events()).filter(({ what }) => what === 'image-refreshed').at(-1);
    expect(done?.detail).toMatch(/^moving\/c:1: sha256:[0-9a-f]{12}… → sha256:[0-9a-f]{12}…$/);
  });
});
