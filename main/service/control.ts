import packageJson from '../../package.json' with { type: 'json' };
import type { ControlHandlers } from '../../shared/ipc/contract.ts';
import type { Status } from '../../shared/ipc/status.ts';
import { matchesFilter } from '../../shared/journal/filter.ts';
import { renderRemark } from '../../shared/policy/admin-settings.ts';
import { describePolicy } from '../../shared/policy/describe.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import { type ControlServer, serveControl } from '../control/server.ts';
import type { ContainerSockets } from '../exceptions/container-sockets.ts';
import type { Journal } from '../journal/journal.ts';
import type { PolicySource } from '../settings/settings.ts';
import type { EngineState } from './engine-state.ts';
import { type ServeOptions, StartFailure } from './service-options.ts';
import type { OpenState } from './state.ts';

const { version } = packageJson;

export interface ControlDeps {
  readonly state: OpenState;
  readonly options: ServeOptions;
  readonly policy: PolicySource;
  readonly journal: Journal;
  readonly sockets: ContainerSockets;
  readonly engine: EngineState;
}

/** Answers the command line, and later the window, about this run. */
export async function openControl(deps: ControlDeps): Promise<ControlServer> {
  const served = await serveControl({ path: deps.state.control, version, handlers: handlers(deps) });
  if (!served.ok) throw new StartFailure('failed', served.message);
  return served.server;
}

function handlers(deps: ControlDeps): ControlHandlers {
  const { journal, policy } = deps;
  const startedAt = new Date().toISOString();
  return {
    requests: {
      status: () => ({ ok: true, value: status(deps, startedAt) }),
      policy: () => ({ ok: true, value: describePolicy(policy.state()) }),
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

function status(deps: ControlDeps, startedAt: string): Status {
  const state = deps.policy.state();
  const { kernel: _kernel, ...engine } = deps.engine.view();
  const unreachable = engine.reachable ? [] : [{ text: `the engine cannot be reached: ${engine.detail ?? ''}` }];
  return {
    version,
    pid: process.pid,
    startedAt,
    enforcement: enforcement(state),
    exceptions: state.kind === 'effective' ? state.policy.imageList.entries.length : 0,
    engine,
    state: deps.state.folder,
    hostGate: deps.state.hostGate,
    standingSockets: [...deps.options.standingSockets],
    containerSockets: deps.sockets.holders().length,
    policy: { generation: state.generation, ...lockedBy(state) },
    counters: deps.journal.counters(),
    problems: [...unreachable, ...state.problems.map((problem) => ({ text: renderRemark(problem) }))],
  };
}

function enforcement(state: PolicyState): Status['enforcement'] {
  if (state.kind === 'closed') return 'closed';
  return state.policy.values['enhancedContainerIsolation.value'] ? 'enforcing' : 'not-enforced';
}

function lockedBy(state: PolicyState): { lockedBy?: string } {
  if (state.kind === 'closed') return {};
  const { locked, file } = state.policy.origins['enhancedContainerIsolation.value'];
  return locked && file !== undefined ? { lockedBy: file } : {};
}
