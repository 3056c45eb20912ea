import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import type { Step } from '../../../main/steps/step.ts';
import { isOver, type RefreshProgress } from '../../../shared/ipc/refresh.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { eventually } from '../running.ts';

/** The listed image that is refreshed when Lockkeeper dies. */
export const REFRESHED = 'survival/refreshed:1';
/** A container of the old image, where one is wanted that goes with it. */
const STOPPED = 'survival-stopped';

/** A stale image, what becomes of it when Lockkeeper dies, and what a new run makes of that. */
export interface RefreshedImage {
  /** Has the engine have an older image than the registry. */
  makeStale(withContainer: boolean): Promise<void>;
  /** Orders the refresh; resolves when it is over or Lockkeeper has hung up. */
  refresh(): Promise<RefreshProgress | undefined>;
  /** Whatever the step: the name leads to an image that runs, nothing is left over, and the next refresh gets through. */
  expectWhole(step: Step): Promise<void>;
  remove(): Promise<void>;
}

export function refreshedImage(lab: AttachedLab, state: string): RefreshedImage {
  let version = 0;
  let oldId = '';
  const publish = () => {
    version += 1;
    return lab.publish(REFRESHED, { from: 'alpine', files: { '/version': `${version}` } });
  };
  const idOf = () => lab.dockerOutput(['image', 'inspect', '-f', '{{.Id}}', REFRESHED]);
  const isOldHere = async () => (await lab.docker(['image', 'inspect', oldId])).code === 0;

  const refresh = async () => {
    const connected = await connectControl({ path: join(state, 'control.sock'), timeoutMs: 30_000 });
    if (!connected.ok) throw new Error(connected.error.message);
    const client = connected.value;
    let id = '';
    let over = (_progress: RefreshProgress) => {};
    const ended = new Promise<RefreshProgress>((resolve) => {
      over = resolve;
    });
    let latest: readonly RefreshProgress[] = [];
    const look = () => {
      for (const progress of latest) if (progress.id === id && isOver(progress)) over(progress);
    };
    const value = (all: readonly RefreshProgress[]) => {
      latest = all;
      look();
    };
    await client.subscribe('refreshes', {}, { value, lost: () => undefined });
    const started = await client.request('startRefresh', { image: REFRESHED, containers: 'remove-stopped' });
    if (started.ok) id = started.value.id;
    look();
    const result = await Promise.race([ended, client.closed.then(() => undefined)]);
    client.close();
    return result;
  };

  return {
    async makeStale(withContainer) {
      await publish();
      await lab.dockerOutput(['pull', '-q', REFRESHED]);
      oldId = await idOf();
      if (withContainer) await lab.dockerOutput(['create', '--name', STOPPED, REFRESHED, 'true']);
      await publish();
    },
    refresh,
    async expectWhole(step) {
      expect(await lab.docker(['run', '--rm', REFRESHED, 'true'])).toMatchObject({ code: 0, stderr: '' });
      const isNew = (await idOf()) !== oldId;
      // What was pulled before the end is finished by the next run, of which nobody had to ask anything.
      if (isNew) await eventually(async () => !(await isOldHere()), 'the old image is removed');
      if (['refresh-asked', 'refresh-noted'].includes(step)) expect(isNew).toBe(false);
      if (['refresh-pulled', 'refresh-old-removed', 'refresh-finished'].includes(step)) expect(isNew).toBe(true);
      await eventually(async () => notes() === '[]', 'no note is left');
      expect(await refresh()).toMatchObject({ stage: isNew ? 'current' : 'done' });
      expect(await isOldHere()).toBe(false);
    },
    async remove() {
      await lab.docker(['rm', '-f', STOPPED]);
      await lab.docker(['rmi', '-f', REFRESHED]);
    },
  };

  function notes(): string {
    try {
      return readFileSync(join(state, 'refreshes.json'), 'utf8').trim();
    } catch {
      return '[]';
    }
  }
}
