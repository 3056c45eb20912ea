import { type ContainerChoice, isOver, type RefreshProgress } from '../../../shared/ipc/refresh.ts';
import type { ControlClient } from '../../control/client.ts';
import { complain, complainError } from '../output.ts';
import { type ProgressOutput, progressOutput } from './output.ts';

/** Has images refreshed, shows how it goes, and resolves to how each ended; undefined when the running one hung up. */
export async function carryOutAll(
  client: ControlClient,
  images: readonly string[],
  containers: ContainerChoice,
  json: boolean,
): Promise<readonly RefreshProgress[] | undefined> {
  const output = progressOutput(process.stdout, json);
  const watched = await watch(client, output, json);
  if (watched === undefined) return undefined;
  const cancelAll = () => {
    complain('cancelling; what is there stays as it is', { json });
    for (const id of watched.open()) void client.request('cancelRefresh', { id });
  };
  process.once('SIGINT', cancelAll).once('SIGTERM', cancelAll);
  try {
    for (const image of images) {
      const started = await client.request('startRefresh', { image, containers });
      if (!started.ok) return void complainError(started.error, json);
      watched.expect(started.value);
    }
    const hungUp = client.closed.then(() => undefined);
    const results = await Promise.race([watched.allOver(), hungUp]);
    if (results === undefined) {
      complain('the running Lockkeeper stopped, or hung up, before all was done', { json, name: 'not-running' });
    }
    return results;
  } finally {
    process.off('SIGINT', cancelAll).off('SIGTERM', cancelAll);
    output.end();
  }
}

interface Watched {
  expect(started: RefreshProgress): void;
  /** IDs of those that are not over. */
  open(): readonly string[];
  /** Resolves when all that were expected are over, in that order. */
  allOver(): Promise<readonly RefreshProgress[]>;
}

async function watch(client: ControlClient, output: ProgressOutput, json: boolean): Promise<Watched | undefined> {
  const latest = new Map<string, RefreshProgress>();
  const expected: string[] = [];
  let settle = () => {};
  const over = () => expected.every((id) => isOver(latest.get(id) ?? { stage: 'waiting' }));
  const look = () => {
    output.show(expected.flatMap((id) => latest.get(id) ?? []));
    if (over()) settle();
  };
  const sink = {
    value(refreshes: readonly RefreshProgress[]) {
      for (const one of refreshes) latest.set(one.id, one);
      look();
    },
    // A state that was left out is followed by a newer one.
    lost: () => undefined,
  };
  const subscribed = await client.subscribe('refreshes', {}, sink);
  if (!subscribed.ok) return void complainError(subscribed.error, json);
  return {
    expect(started) {
      if (!expected.includes(started.id)) expected.push(started.id);
      if (!latest.has(started.id)) latest.set(started.id, started);
    },
    open: () => expected.filter((id) => !isOver(latest.get(id) ?? { stage: 'waiting' })),
    async allOver() {
      await new Promise<void>((resolve) => {
        settle = resolve;
        look();
      });
      return expected.flatMap((id) => latest.get(id) ?? []);
    },
  };
}
