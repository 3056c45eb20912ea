import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClocks } from '../../../main/clocks/clocks.ts';
import { engineClient } from '../../../main/engine/engine-client.ts';
import { openLedger } from '../../../main/images/digest-ledger.ts';
import { digestResolver } from '../../../main/images/digest-resolver.ts';
import { refreshNotes } from '../../../main/refresh/notes.ts';
import { type Refreshes, refreshes } from '../../../main/refresh/refresh.ts';
import type { Step } from '../../../main/steps/step.ts';
import { isOver, type RefreshProgress } from '../../../shared/ipc/refresh.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { listing } from '../../unit/main/images/listing.ts';
import { publishAndPull, versioned } from './resolved.ts';

const NAME = 'moving/image:1';

let lab: Lab;
let folder: string;
beforeAll(async () => {
  lab = await startLab({ name: 'broken', engine: { 'max-download-attempts': 1 } });
});
afterAll(() => lab?.stop());
beforeEach(() => {
  folder = mkdtempSync(join(lab.work, 'state-'));
});

/** Refreshes as the service has them; `at` is told of each step before anything else happens. */
async function refreshing(at: (step: Step) => void): Promise<Refreshes> {
  const engine = engineClient({ kind: 'socket', url: lab.engineUrl, path: lab.engineSocket });
  const ledger = await openLedger({ stateFolder: folder, trust: async () => undefined, onProblem: () => undefined });
  const credentials = async () => ({ kind: 'none', why: 'none are needed' }) as const;
  const record = () => undefined;
  const digests = digestResolver({ engine, ledger, credentials, record, clocks: systemClocks });
  const policy = () =>
    ({ kind: 'effective', generation: 1, policy: listing(['moving/*:1']), warnings: [], problems: [] }) as const;
  return refreshes({ engine, digests, credentials, policy, notes: refreshNotes(folder), record, reached: at });
}

/** Resolves when the refresh is over. */
function until(all: Refreshes, id: string): Promise<RefreshProgress> {
  return new Promise((resolve) => {
    const look = () => {
      const one = all.current().find((progress) => progress.id === id);
      if (one === undefined || !isOver(one)) return;
      end();
      resolve(one);
    };
    const end = all.onChange(look);
    look();
  });
}

/** Refreshes whose registry falls silent between its answer and the pull: that is under way for as long as we want. */
async function withHeldPull() {
  let held = () => {};
  const isHeld = new Promise<void>((resolve) => {
    held = resolve;
  });
  const all = await refreshing((step) => {
    if (step !== 'refresh-noted') return;
    lab.registry.pause();
    held();
  });
  return { all, isHeld };
}

function start(all: Refreshes): string {
  const started = all.start(NAME, 'keep');
  if (started === undefined) throw new Error('it was not started');
  return started.id;
}

const idOf = (name: string) => lab.dockerOutput(['image', 'inspect', '-f', '{{.Id}}', name]);
const notes = () => JSON.parse(readFileSync(join(folder, 'refreshes.json'), 'utf8'));

async function makeStale(): Promise<string> {
  await publishAndPull(lab, NAME, 'first');
  const id = await idOf(NAME);
  await lab.publish(NAME, versioned(`now ${Date.now()}`));
  return id;
}

async function isUsable(id: string): Promise<void> {
  expect(await idOf(NAME)).toBe(id);
  expect(await lab.docker(['run', '--rm', NAME, 'true'])).toMatchObject({ code: 0, stderr: '' });
}

it('leaves the image usable when it is cancelled in the middle of the pull', async () => {
  const id = await makeStale();
  const { all, isHeld } = await withHeldPull();
  const refresh = start(all);
  try {
    await isHeld;
    expect(notes()).toEqual([{ image: NAME, oldImageId: id }]);
    all.cancel(refresh);
    expect(await until(all, refresh)).toMatchObject({ stage: 'cancelled' });
  } finally {
    lab.registry.resume();
  }
  await isUsable(id);
  expect(notes()).toEqual([]);
  // It is as if nothing had been begun: the next one gets through.
  const next = await refreshing(() => undefined);
  expect(await until(next, start(next))).toMatchObject({ stage: 'done' });
});

it('ends one that waits for its turn at once, and one that asks before it pulls', async () => {
  const id = await makeStale();
  const all = await refreshing(() => undefined);
  lab.registry.pause();
  try {
    const asking = start(all);
    expect(all.start('docker.io/moving/image:1', 'keep')?.id).toBe(asking);
    all.start('moving/second:1', 'keep');
    const waiting = all.start('moving/third:1', 'keep');
    expect(waiting?.stage).toBe('waiting');
    expect(all.cancel(waiting?.id ?? '')?.stage).toBe('cancelled');
    all.cancel(asking);
    lab.registry.resume();
    expect(await until(all, asking)).toMatchObject({ stage: 'cancelled', layers: [] });
  } finally {
    lab.registry.resume();
  }
  await isUsable(id);
});

it('fails, and leaves the image usable, when the engine dies in the middle of the pull', async () => {
  const id = await makeStale();
  const { all, isHeld } = await withHeldPull();
  const refresh = start(all);
  try {
    await isHeld;
    await lab.stopEngine('SIGKILL');
    const failed = await until(all, refresh);
    expect(failed).toMatchObject({
      stage: 'failed',
      problem: expect.stringMatching(/^the engine (could not pull it|cannot be reached) \(/),
    });
  } finally {
    lab.registry.resume();
    await lab.startEngine();
  }
  await isUsable(id);
});

it('finishes in the next run what was killed after the pull', async () => {
  const id = await makeStale();
  // What a kill -9 leaves: the note is on disk and the new image has the name.
  await refreshNotes(folder).add({ image: NAME, oldImageId: id });
  await lab.dockerOutput(['pull', '-q', NAME]);
  const all = await refreshing(() => undefined);
  await all.finishUnfinished();
  expect((await lab.docker(['image', 'inspect', id])).code).toBe(1);
  expect(notes()).toEqual([]);
});

it('touches nothing in the next run when it was killed before the pull was complete', async () => {
  const id = await makeStale();
  await refreshNotes(folder).add({ image: NAME, oldImageId: id });
  await (await refreshing(() => undefined)).finishUnfinished();
  await isUsable(id);
  expect(notes()).toEqual([]);
});
