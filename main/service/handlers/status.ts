import packageJson from '../../../package.json' with { type: 'json' };
import type { Status } from '../../../shared/ipc/status.ts';
import { renderRemark } from '../../../shared/policy/admin-settings.ts';
import { describePolicy } from '../../../shared/policy/describe.ts';
import type { PolicyState } from '../../../shared/policy/policy.ts';
import type { ContainerSockets } from '../../exceptions/container-sockets.ts';
import type { Journal } from '../../journal/journal.ts';
import type { PolicySource } from '../../settings/settings.ts';
import type { EngineState } from '../engine-state.ts';
import { liveValue } from '../live-value.ts';
import type { ServeOptions } from '../service-options.ts';
import type { OpenState } from '../state.ts';
import type { HandlersFor } from './handlers-for.ts';

export interface StatusDeps {
  readonly state: OpenState;
  readonly options: ServeOptions;
  readonly policy: PolicySource;
  readonly journal: Journal;
  readonly sockets: ContainerSockets;
  readonly engine: EngineState;
}

/** Some of it changes without an event, such as the day of "today": this often it is looked at anyway. */
const SILENT_CHANGES_MS = 10_000;

/** What the status header of every surface says, and the policy that it is about. */
export function statusHandlers(deps: StatusDeps): HandlersFor<'status' | 'policy', 'status'> {
  const startedAt = new Date().toISOString();
  const read = () => status(deps, startedAt);
  const live = liveValue({ read, watch: (changed) => watch(deps, changed) });
  return {
    requests: {
      status: () => ({ ok: true, value: read() }),
      policy: () => ({ ok: true, value: describePolicy(deps.policy.state()) }),
    },
    pushes: { status: (_, push) => live.subscribe(push) },
  };
}

/** Engine and sockets tell the journal what happens to them, and every decision counts. */
function watch({ journal, policy }: StatusDeps, changed: () => void): () => void {
  const timer = setInterval(changed, SILENT_CHANGES_MS);
  const ends = [journal.subscribe(changed), policy.onChange(changed), () => clearInterval(timer)];
  return () => {
    for (const end of ends) end();
  };
}

function status(deps: StatusDeps, startedAt: string): Status {
  const state = deps.policy.state();
  const { kernel: _kernel, ...engine } = deps.engine.view();
  const unreachable = engine.reachable ? [] : [{ text: `the engine cannot be reached: ${engine.detail ?? ''}` }];
  return {
    version: packageJson.version,
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
