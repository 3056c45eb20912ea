import type { SocketHolder } from '../../../shared/decision/listener.ts';
import type { Containers } from '../../../shared/ipc/containers.ts';
import type { Answer } from '../../../shared/ipc/contract.ts';
import { failure } from '../../control/outbox.ts';
import type { ContainerSockets } from '../../exceptions/container-sockets.ts';
import type { Holders } from '../../holders/holders.ts';
import type { Journal } from '../../journal/journal.ts';
import { StateError } from '../../state/state-error.ts';
import { liveValue } from '../live-value.ts';
import type { HandlersFor } from './handlers-for.ts';

export interface ContainersDeps {
  readonly sockets: Pick<ContainerSockets, 'holders' | 'cutOffs'>;
  readonly holders: Holders;
  readonly journal: Pick<Journal, 'subscribe'>;
}

/** Who holds a socket, filtered or raw, and what can be done about the filtered ones. */
export function containerHandlers(deps: ContainersDeps): HandlersFor<'cutOff' | 'giveBack', 'containers'> {
  const { holders, sockets } = deps;
  const live = liveValue({ read: holders.view, watch: (changed) => watch(deps, changed) });
  return {
    requests: {
      cutOff: ({ key }) =>
        change(deps, key, sockets.cutOffs.cutOff, 'it is cut off, but not beyond the end of Lockkeeper'),
      giveBack: ({ key }) => change(deps, key, sockets.cutOffs.giveBack, 'it is still cut off'),
    },
    pushes: { containers: (_, push) => live.subscribe(push) },
  };
}

function watch({ holders, journal }: ContainersDeps, changed: () => void): () => void {
  const ends = [holders.watch(changed), journal.subscribe(changed)];
  return () => {
    for (const end of ends) end();
  };
}

async function change(
  { sockets, holders }: ContainersDeps,
  key: string,
  act: (holder: SocketHolder) => Promise<void>,
  otherwise: string,
): Promise<Answer<Containers>> {
  const holder = sockets.holders().find((one) => one.key === key);
  if (holder === undefined) {
    return failure('invalid-request', 'no container holds that socket any more: it was removed meanwhile');
  }
  try {
    await act(holder);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return failure('unavailable', `${otherwise}: ${error.message}`);
  }
  return { ok: true, value: holders.view() };
}
