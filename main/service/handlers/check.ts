import { check } from '../../enforcement/check.ts';
import type { FactSources } from '../../enforcement/find-fact.ts';
import { findListener } from '../../enforcement/way-in.ts';
import type { ContainerSockets } from '../../exceptions/container-sockets.ts';
import type { PolicySource } from '../../settings/settings.ts';
import type { ServeOptions } from '../service-options.ts';
import type { OpenState } from '../state.ts';
import type { HandlersFor } from './handlers-for.ts';

export interface CheckDeps {
  readonly state: Pick<OpenState, 'hostGate' | 'sockets'>;
  readonly options: Pick<ServeOptions, 'standingSockets'>;
  readonly policy: Pick<PolicySource, 'state'>;
  readonly sockets: Pick<ContainerSockets, 'holders'>;
  /** What the enforcer finds out facts by, for questions about requests that nobody sends. */
  readonly facts: FactSources;
}

/** What would become of a docker command, without doing it. */
export function checkHandlers({ state, options, policy, sockets, facts }: CheckDeps): HandlersFor<'check'> {
  const ways = {
    hostGate: state.hostGate,
    standingSockets: options.standingSockets,
    socketsFolder: state.sockets,
    holders: sockets.holders,
    engine: facts.engine,
  };
  const checking = { policy: policy.state, facts, listenerFor: findListener.bind(undefined, ways) };
  return { requests: { check: async (input) => ({ ok: true, value: await check(checking, input) }) }, pushes: {} };
}
