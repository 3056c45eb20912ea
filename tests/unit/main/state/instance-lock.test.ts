import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireInstanceLock, type LockResult } from '../../../../main/state/instance-lock.ts';
import { livenessOf, ownIdentity, startInStat } from '../../../../main/state/process-identity.ts';

const program = fileURLToPath(new URL('./lock-holder.ts', import.meta.url));

let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-lock-'));
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map(kill));
  await rm(folder, { recursive: true, force: true });
});

interface Holder {
  readonly child: ChildProcess;
  readonly said: { readonly ok: boolean; readonly pid?: number };
}

async function start(): Promise<Holder> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  return { child, said: JSON.parse(String(line)) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

const acquire = (answers = false): Promise<LockResult> => acquireInstanceLock(folder, { answers: async () => answers });

/** Puts a lock file there as another process would have left it. */
async function leave(identity: object, generation = 7): Promise<void> {
  await writeFile(join(folder, `instance-${generation}.lock`), JSON.stringify(identity));
}

describe('the instance lock between real processes', () => {
  it('is refused with the holder and the remedy while another process has it', async () => {
    const { child } = await start();
    const result = await acquire();
    expect(result).toMatchObject({ ok: false, pid: child.pid });
    expect(result.ok ? '' : result.message).toContain(
      `(process ${child.pid}) already runs with the state folder ${folder}`,
    );
  });

  it('is taken over from one that was killed', async () => {
    const { child } = await start();
    await kill(child);
    const result = await acquire();
    expect(result.ok).toBe(true);
    expect((await start()).said).toMatchObject({ ok: false, pid: process.pid });
  });

  it('is taken over by the next thread of a process from one that has ended without a word', async () => {
    const inThread = async () => {
      const load = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(program)}, ${JSON.stringify(import.meta.url)}))`;
      const thread = new Worker(load, { eval: true, argv: [folder], stdout: true, stdin: true });
      const [line] = await once(createInterface({ input: thread.stdout }), 'line');
      await thread.terminate();
      return JSON.parse(String(line));
    };
    expect(await inThread()).toEqual({ ok: true });
    expect((await start()).said).toMatchObject({ ok: false, pid: process.pid });
    expect(await inThread()).toEqual({ ok: true });
  });

  it('is free again after a clean end', async () => {
    const { child } = await start();
    child.stdin?.write('release\n');
    await once(child, 'exit');
    const first = await acquire();
    expect(first.ok).toBe(true);
    if (first.ok) {
      await first.release();
    }
    expect((await acquire()).ok).toBe(true);
  });

  it('goes to exactly one of many who find it stale at once', async () => {
    const { child } = await start();
    await kill(child);
    const results = await Promise.all(Array.from({ length: 6 }, start));
    const winners = results.filter(({ said }) => said.ok);
    expect(winners).toHaveLength(1);
    expect(new Set(results.filter(({ said }) => !said.ok).map(({ said }) => said.pid))).toEqual(
      new Set([winners[0]?.child.pid]),
    );
  });
});

describe('the instance lock within one process', () => {
  it('goes to one of many, again and again, and leaves few files', async () => {
    for (let round = 0; round < 20; round += 1) {
      const results = await Promise.all(Array.from({ length: 20 }, () => acquire()));
      const winners = results.flatMap((result) => (result.ok ? [result] : []));
      expect(winners).toHaveLength(1);
      await winners[0]?.release();
    }
    expect((await readdir(folder)).length).toBeLessThanOrEqual(2);
  });

  it('is not fooled by a number that another process got since', async () => {
    const own = await ownIdentity();
    await leave({ ...own, started: '12345' });
    expect((await acquire()).ok).toBe(true);
  });

  it('is not fooled by another boot', async () => {
    await leave({ ...(await ownIdentity()), boot: 'another' });
    expect((await acquire()).ok).toBe(true);
  });

  it('asks when the holder counts in another pid namespace', async () => {
    await leave({ ...(await ownIdentity()), namespace: 'pid:[1]' });
    expect((await acquire(true)).ok).toBe(false);
    expect((await acquire(false)).ok).toBe(true);
  });

  it('is not taken by one that was so slow that others went on above it', async () => {
    const own = await ownIdentity();
    await leave({ ...own, namespace: 'pid:[1]' }, 7);
    // Between the look at 7 and the hold of 8, others took and left 8 and took 9, as only a very slow start can see it.
    const meanwhile = async (): Promise<boolean> => {
      await leave(own, 9);
      await rm(join(folder, 'instance-7.lock'));
      return false;
    };
    expect(await acquireInstanceLock(folder, { answers: meanwhile })).toMatchObject({ ok: false, pid: process.pid });
    expect(await readdir(folder)).toEqual(['instance-9.lock']);
  });

  it('leaves the file below its own, so that no listing taken meanwhile is empty', async () => {
    await leave({ ...(await ownIdentity()), boot: 'another' }, 6);
    await leave({ ...(await ownIdentity()), boot: 'another' }, 7);
    expect((await acquire()).ok).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['instance-7.lock', 'instance-8.lock']);
  });

  it('steps over files that are no lock, and keeps to what is one', async () => {
    await writeFile(join(folder, 'instance-3.lock'), 'half a li');
    await writeFile(join(folder, 'instance-x.lock'), '');
    expect((await acquire()).ok).toBe(true);
    expect(await readdir(folder)).toContain('instance-x.lock');
    expect(JSON.parse(await readFile(join(folder, 'instance-4.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  });
});

describe('process identity', () => {
  it('knows itself, and that a dead one is dead', async () => {
    const own = await ownIdentity();
    expect(await livenessOf(own, own)).toBe('alive');
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(await livenessOf({ ...own, pid: child.pid ?? 0 }, own)).toBe('dead');
  });

  it('in doubt holds a process for alive', async () => {
    const { started: _, ...own } = await ownIdentity();
    expect(await livenessOf(own, own)).toBe('alive');
  });

  it('reads the start time behind any process name, and sees zombies', () => {
    const rest = '1 1 1 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 98765 0 0';
    expect(startInStat(`42 (a) S (b) R) S ${rest}`)).toBe('98765');
    expect(startInStat(`42 (node) Z ${rest}`)).toBeUndefined();
  });
});
