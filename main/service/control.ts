import packageJson from '../../package.json' with { type: 'json' };
import type { ControlHandlers } from '../../shared/ipc/contract.ts';
import { matchesFilter } from '../../shared/journal/filter.ts';
import { describePolicy } from '../../shared/policy/describe.ts';
import { type ControlServer, serveControl } from '../control/server.ts';
import { check } from '../enforcement/check.ts';
import type { FactSources } from '../enforcement/find-fact.ts';
import { findListener } from '../enforcement/way-in.ts';
import type { ContainerSockets } from '../exceptions/container-sockets.ts';
import type { Journal } from '../journal/journal.ts';
import type { PolicySource } from '../settings/settings.ts';
import type { EngineState } from './engine-state.ts';
import { countRequests } from './request-counts.ts';
import { type ServeOptions, StartFailure } from './service-options.ts';
import type { OpenState } from './state.ts';
import { statusOf } from './status.ts';

export interface ControlDeps {
  readonly state: OpenState;
  readonly options: ServeOptions;
  readonly policy: PolicySource;
  readonly journal: Journal;
  readonly sockets: ContainerSockets;
  readonly engine: EngineState;
  /** What is wrong with our own files and sockets, in sentences. */
  readonly problems: () => readonly string[];
  /** What the enforcer finds out facts by, for questions about requests that nobody sends. */
  readonly facts: FactSources;
}

/** Answers the command line, and later the window, about this run. */
export async function openControl(deps: ControlDeps): Promise<ControlServer> {
  const counts = countRequests(deps.journal);
  const about = { ...deps, counts, startedAt: new Date() };
  const served = await serveControl({
    path: deps.state.control,
    version: packageJson.version,
    handlers: handlers(deps, () => statusOf(about)),
  });
  if (!served.ok) throw new StartFailure('failed', served.message);
  const { server } = served;
  return {
    ...server,
    close: () => {
      counts.close();
      return server.close();
    },
  };
}

function handlers(deps: ControlDeps, status: () => ReturnType<typeof statusOf>): ControlHandlers {
  const { journal, policy, facts } = deps;
  const ways = {
    hostGate: deps.state.hostGate,
    standingSockets: deps.options.standingSockets,
    socketsFolder: deps.state.sockets,
    holders: deps.sockets.holders,
    engine: facts.engine,
  };
  const checking = { policy: policy.state, facts, listenerFor: findListener.bind(undefined, ways) };
  return {
    requests: {
      status: () => ({ ok: true, value: status() }),
      policy: () => ({ ok: true, value: describePolicy(policy.state()) }),
      check: async (input) => ({ ok: true, value: await check(checking, input) }),
      recentEvents: (filter) => ({ ok: true, value: { run: journal.run, events: [...journal.recent(filter)] } }),
    },
    pushes: {
      event: (filter, push) => {
        const forward = (event: Parameters<typeof push>[0]) => {
          if (matchesFilter(event, filter)) push(event);
        };
        return journal.subscribe(forward, filter.from === undefined ? {} : { from: filter.from });
      },
    },
  };
}
