import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type ControlClient, connectControl } from '../../../main/control/client.ts';
import type { AllowList, AllowListEntry } from '../../../shared/ipc/allow-list.ts';
import type { AttachedLab, ImageContent } from '../../lab/lab.ts';
import { eventually, type Running, type SettingsWords, startLockkeeper } from '../running.ts';

/** A running Lockkeeper and its resolved allow list, kept current by its pushes. */
export interface ResolvedLists {
  readonly keeper: Running;
  readonly client: ControlClient;
  /** How many pushes came so far that said the same as the one before. */
  repeated(): number;
  list(): AllowList | undefined;
  /** Waits until an entry is in that state. */
  entry(text: string, state: AllowListEntry['state']): Promise<AllowListEntry>;
  resolve(): Promise<AllowList>;
  stop(): Promise<void>;
}

export async function startLists(lab: AttachedLab, settings: SettingsWords, program?: string): Promise<ResolvedLists> {
  const keeper = await startLockkeeper(lab, settings, program);
  const connected = await connectControl({ path: join(keeper.state, 'control.sock'), timeoutMs: 30_000 });
  if (!connected.ok) throw new Error(connected.error.message);
  const client = connected.value;
  let latest: AllowList | undefined;
  let repeated = 0;
  const value = (list: AllowList) => {
    if (isDeepStrictEqual(list, latest)) repeated += 1;
    latest = list;
  };
  const subscribed = await client.subscribe('allowList', {}, { value, lost: () => undefined });
  if (!subscribed.ok) throw new Error(subscribed.error.message);
  return {
    keeper,
    client,
    repeated: () => repeated,
    list: () => latest,
    async entry(text, state) {
      const find = () => latest?.entries.find(({ entry }) => entry === text);
      const isThere = async () => find()?.state === state;
      await eventually(isThere, `"${text}" is ${state}`).catch((error: Error) => {
        throw new Error(`${error.message}; the list is ${JSON.stringify(latest, null, 1)}`);
      });
      const found = find();
      if (found === undefined) throw new Error(`${text} is not listed any more`);
      return found;
    },
    async resolve() {
      const answer = await client.request('resolveAllowList', {});
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.value;
    },
    async stop() {
      client.close();
      await keeper.stop();
    },
  };
}

/** A small image that is like no other with another text; it can run `sleep`. */
export function versioned(text: string): ImageContent {
  return { from: 'alpine', files: { '/version': text } };
}

/** Publishes an image and has the engine pull it. */
export async function publishAndPull(lab: AttachedLab, name: string, text: string) {
  const published = await lab.publish(name, versioned(text));
  await lab.dockerOutput(['pull', '-q', name]);
  return published;
}
