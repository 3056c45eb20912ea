import { join } from 'node:path';
import { connectControl } from '../../../main/control/client.ts';
import type { Containers, FilteredHolder } from '../../../shared/ipc/containers.ts';
import type { Answer, RequestInput, RequestName, RequestOutput } from '../../../shared/ipc/contract.ts';
import type { Running } from '../running.ts';

/** Whoever has the page of containers open. */
export interface Watching {
  ask<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Answer<RequestOutput<Name>>>;
  /** Resolves to the first state, from the last one on, that is as wanted. */
  until(isWanted: (containers: Containers) => boolean, what: string): Promise<Containers>;
  /** The holder that is a container, as soon as it is as wanted. */
  holder(id: string, isWanted?: (holder: FilteredHolder) => boolean): Promise<FilteredHolder>;
  close(): void;
}

/** A bound on an event: only a failure ever waits for it. */
const DEADLINE_MS = 30_000;

/** Watches who holds a socket, by what is pushed. */
export async function watchContainers(keeper: Running): Promise<Watching> {
  const connected = await connectControl({ path: join(keeper.state, 'control.sock'), timeoutMs: DEADLINE_MS });
  if (!connected.ok) throw new Error(connected.error.message);
  const client = connected.value;
  const looking = new Set<(containers: Containers) => void>();
  let last: Containers | undefined;
  const value = (containers: Containers) => {
    last = containers;
    for (const look of [...looking]) look(containers);
  };
  await client.subscribe('containers', {}, { value, lost: () => undefined });
  const until: Watching['until'] = (isWanted, what) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        looking.delete(look);
        reject(new Error(`not within ${DEADLINE_MS} ms: ${what}; it is ${JSON.stringify(last)}`));
      }, DEADLINE_MS);
      const look = (containers: Containers) => {
        if (!isWanted(containers)) return;
        looking.delete(look);
        clearTimeout(timer);
        resolve(containers);
      };
      looking.add(look);
      if (last !== undefined) look(last);
    });
  return {
    ask: client.request,
    until,
    async holder(id, isWanted = () => true) {
      const find = ({ filtered }: Containers) =>
        filtered.find((one) => one.containerId === id && one.name !== id.slice(0, 12) && isWanted(one));
      const found = find(await until((containers) => find(containers) !== undefined, `container ${id} is listed so`));
      if (found === undefined) throw new Error('what was found is gone');
      return found;
    },
    close: client.close,
  };
}
