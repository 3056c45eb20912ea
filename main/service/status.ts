import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { RawHolder } from '../../shared/ipc/containers.ts';
import type { CheckName, CheckState, SetUp } from '../../shared/ipc/set-up.ts';
import type { Status } from '../../shared/ipc/status.ts';
import { renderRemark } from '../../shared/policy/admin-settings.ts';
import { policyPaths } from '../../shared/policy/builtin-values.ts';
import { isObserving, type PolicyState } from '../../shared/policy/policy.ts';
import type { ContainerSockets } from '../exceptions/container-sockets.ts';
import type { Places } from '../gate/places.ts';
import type { Holders } from '../holders/holders.ts';
import { rawHolderProblem } from '../holders/raw-words.ts';
import { JOURNAL_FILE, type Journal } from '../journal/journal.ts';
import type { SetUpWatch } from '../set-up/set-up.ts';
import type { PolicySource } from '../settings/settings.ts';
import type { EngineState } from './engine-state.ts';
import { journalSettings } from './journal-settings.ts';
import type { RequestCounting } from './request-counts.ts';
import type { ServeOptions } from './service-options.ts';
import type { OpenState } from './state.ts';

export interface StatusDeps {
  readonly state: Pick<OpenState, 'folder' | 'hostGate'>;
  readonly options: Pick<ServeOptions, 'standingSockets'>;
  readonly policy: PolicySource;
  readonly journal: Pick<Journal, 'counters' | 'trouble'>;
  readonly sockets: Pick<ContainerSockets, 'holders' | 'cutOffs'>;
  readonly holders: Pick<Holders, 'raw'>;
  readonly setUp: Pick<SetUpWatch, 'last'>;
  readonly engine: Pick<EngineState, 'view'>;
  readonly counts: RequestCounting;
  readonly places: Pick<Places, 'counts'>;
  /** What is wrong with our own files and sockets, in sentences. */
  readonly problems: () => readonly string[];
  readonly startedAt: Date;
  /** By a clock that is not set. */
  readonly uptimeMs: () => number;
}

/** How it stands with this run now. */
export function statusOf(deps: StatusDeps): Status {
  const state = deps.policy.state();
  const { kernel: _kernel, id: _id, remappedRoot: _root, ...engine } = deps.engine.view();
  const holders = deps.sockets.holders();
  const setUp = deps.setUp.last();
  return {
    version: packageJson.version,
    pid: process.pid,
    startedAt: deps.startedAt.toISOString(),
    uptimeSeconds: Math.floor(deps.uptimeMs() / 1000),
    ...enforcement(state),
    exceptions: state.kind === 'effective' ? state.policy.imageList.entries.length : 0,
    engine,
    state: deps.state.folder,
    hostGate: deps.state.hostGate,
    standingSockets: [...deps.options.standingSockets],
    listeners: listeners(deps),
    connections: deps.places.counts(),
    containerSockets: holders.length,
    holders: holders.map((holder) => holderStatus(deps, holder)),
    rawHolders: rawHolderCounts(deps),
    ...(setUp !== undefined && { setUp: setUpStatus(setUp) }),
    policy: policyStatus(state),
    journal: journalStatus(deps),
    counters: deps.journal.counters(),
    problems: problems(deps, state, engine),
  };
}

function holderStatus({ counts, sockets }: StatusDeps, holder: SocketHolder): Status['holders'][number] {
  const { key, containerId, image, entry, targets } = holder;
  const cutOffSince = sockets.cutOffs.since(key);
  return {
    containerId,
    image,
    entry,
    targets: [...targets],
    requests: counts.of({ listener: 'container-socket', containerId }),
    ...(cutOffSince !== undefined && { cutOffSince }),
  };
}

function certainlyRaw({ holders }: StatusDeps): readonly RawHolder[] {
  return holders.raw().filter(({ doubt }) => doubt === undefined);
}

function rawHolderCounts(deps: StatusDeps): Status['rawHolders'] {
  const running = certainlyRaw(deps).filter(({ isRunning }) => isRunning).length;
  return { running, stopped: certainlyRaw(deps).length - running };
}

function setUpStatus({ checks, checkedAt }: SetUp): NonNullable<Status['setUp']> {
  const named = (state: CheckState) => checks.filter((one) => one.state === state).map(({ check }) => check);
  return { failed: named('fail'), warned: named('warn'), checkedAt };
}

function listeners({ state, options, counts }: StatusDeps): Status['listeners'] {
  const standing = options.standingSockets.map((path) => ({
    kind: 'standing-socket' as const,
    path,
    requests: counts.of({ listener: 'standing-socket', socket: path }),
  }));
  const hostGate = { kind: 'host-gate' as const, path: state.hostGate, requests: counts.of({ listener: 'host-gate' }) };
  return [hostGate, ...standing];
}

function policyStatus(state: PolicyState): Status['policy'] {
  const base = { generation: state.generation, problems: state.problems.map(renderRemark) };
  if (state.kind === 'closed') return { ...base, state: 'closed', files: [], warnings: [] };
  const { origins, lockedBy } = state.policy;
  return {
    ...base,
    state: state.problems.length === 0 ? 'in-force' : 'last-good',
    ...(state.lastGoodFrom !== undefined && { lastGoodFrom: state.lastGoodFrom }),
    files: [...new Set(policyPaths.flatMap((path) => origins[path].file ?? []))],
    warnings: state.warnings.map(renderRemark),
    ...(lockedBy !== undefined && { lockedBy }),
  };
}

function journalStatus({ state, policy, journal }: StatusDeps): Status['journal'] {
  const { path = join(state.folder, JOURNAL_FILE) } = journalSettings(policy).place();
  const trouble = journal.trouble();
  return { file: path, ...(trouble !== undefined && { trouble }) };
}

function problems(deps: StatusDeps, state: PolicyState, engine: Status['engine']): Status['problems'] {
  const { problems: own, journal } = deps;
  const unreachable = engine.reachable ? [] : [`the engine cannot be reached: ${engine.detail ?? ''}`];
  const trouble = journal.trouble();
  const others = [
    ...unreachable,
    ...own(),
    ...(trouble === undefined ? [] : [trouble]),
    ...state.problems.map(renderRemark),
  ];
  return [...waysAround(deps), ...others.map((text) => ({ text }))];
}

/** Checks of the set-up whose failure lets containers or everybody reach the engine past us. */
const OPEN_ENGINE: readonly CheckName[] = ['engine-on-tcp', 'docker-group'];

/** First, since they undo all the rest. A container that does not run is only told of where containers are listed. */
function waysAround(deps: StatusDeps): Status['problems'] {
  const raw = certainlyRaw(deps).filter(({ isRunning }) => isRunning);
  const checks = deps.setUp.last()?.checks ?? [];
  const open = checks.filter(({ check, state }) => state === 'fail' && OPEN_ENGINE.includes(check));
  return [
    ...(raw.length === 0 ? [] : [{ about: 'raw-holders' as const, ...rawHolderProblem(raw) }]),
    ...(open.length === 0 ? [] : [{ about: 'engine-open' as const, ...OPEN_WORDS }]),
  ];
}

const OPEN_WORDS = {
  text: 'everybody on this machine can reach the engine past Lockkeeper',
  remedy: 'lockkeeper doctor',
};

function enforcement(state: PolicyState): Pick<Status, 'enforcement' | 'observingUntil'> {
  if (state.kind === 'closed') return { enforcement: 'closed' };
  if (!state.policy.values['enhancedContainerIsolation.value']) return { enforcement: 'not-enforced' };
  if (!isObserving(state)) return { enforcement: 'enforcing' };
  const { observingUntil } = state;
  return { enforcement: 'observing', ...(observingUntil !== undefined && { observingUntil }) };
}
