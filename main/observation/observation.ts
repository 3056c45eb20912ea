import type { Answer } from '../../shared/ipc/contract.ts';
import { LONGEST_OBSERVATION_MINUTES, type Observing } from '../../shared/ipc/observation.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { isObserving, type PolicyState } from '../../shared/policy/policy.ts';
import { type Clocks, systemClocks } from '../clocks/clocks.ts';
import type { PolicySource } from '../settings/settings.ts';
import { StateError, stateError } from '../state/state-error.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { type Deadline, deadline } from './deadline.ts';
import {
  forgetObservation,
  type KeptObservation,
  keepObservation,
  observationFile,
  readObservation,
} from './observation-file.ts';
import { observedPolicy } from './observed-policy.ts';

/** Observing for a while: what the policy refuses goes on meanwhile, and is only recorded. It always ends by itself. */
export interface Observation {
  /** The policy in force, with what is being observed. */
  readonly policy: PolicySource;
  /** Observes from now on for so many minutes, at most an hour, whatever was said before; kept across restarts. */
  begin(minutes: number): Promise<Answer<Observing>>;
  /** Enforces again. */
  end(): Promise<Answer<Observing>>;
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>;
}

export interface ObservationOptions {
  readonly policy: PolicySource;
  readonly stateFolder: string;
  readonly record: (event: EventBody) => unknown;
  readonly reached?: Reached;
  readonly clocks?: Clocks;
}

const MINUTE_MS = 60_000;
const LONGEST_MS = LONGEST_OBSERVATION_MINUTES * MINUTE_MS;

/** Goes on with what an earlier run was told, if its time is not over and the policy does not forbid it. */
export async function openObservation(options: ObservationOptions): Promise<Observation> {
  const { policy, record, reached = goOn, clocks = systemClocks } = options;
  const path = observationFile(options.stateFolder);
  let current: Deadline | undefined;
  let timer: NodeJS.Timeout | undefined;
  let files: Promise<unknown> = Promise.resolve();
  /** One after the other, so that what is forgotten late does not take what was kept since. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = files.then(work);
    files = done.catch(() => undefined);
    return done;
  };
  const shown = observedPolicy(policy, () => {
    if (current?.isPast() === true) over('its time is over');
    return current === undefined ? undefined : new Date(current.at).toISOString();
  });

  function stop(why: string): boolean {
    if (current === undefined) return false;
    clearTimeout(timer);
    current = undefined;
    record({ type: 'lifecycle', what: 'observing-ended', detail: `Lockkeeper enforces the policy again: ${why}` });
    shown.changed();
    return true;
  }
  /** A file that stays tells the next run of a time that is past, or that the policy forbids. */
  function over(why: string): void {
    if (stop(why)) inTurn(() => forgetObservation(path)).catch(() => undefined);
  }
  function start(until: number): void {
    clearTimeout(timer);
    const next = deadline(until, LONGEST_MS, clocks);
    current = next;
    timer = setTimeout(() => over('its time is over'), Math.max(0, next.at - clocks.wall()));
    const detail = `Lockkeeper observes until ${new Date(next.at).toISOString()}: nothing is blocked, what would be is recorded`;
    record({ type: 'lifecycle', what: 'observing-begun', detail });
    shown.changed();
  }

  const stopListening = policy.onChange((state) => {
    const obstacle = obstacleOf(state);
    if (obstacle !== undefined) over(obstacle.message);
    shown.changed();
  });
  const left = await readObservation(path);
  if (left !== undefined) {
    if (isUnder(left, clocks.wall()) && obstacleOf(policy.state()) === undefined) start(left.until);
    else await forgetObservation(path).catch(() => undefined);
  }

  return {
    policy: shown.policy,
    async begin(minutes) {
      // What the files say now, and not what they said a moment ago.
      const obstacle = obstacleOf(await policy.reload());
      if (obstacle !== undefined) return { ok: false, error: obstacle };
      const begun = clocks.wall();
      const until = begun + Math.min(minutes, LONGEST_OBSERVATION_MINUTES) * MINUTE_MS;
      try {
        await inTurn(() => keepObservation(path, { begun, until }, () => reached('observing-half-written')));
      } catch (error) {
        return { ok: false, error: notWritten(path, error, 'so nothing has changed') };
      }
      reached('observing-written');
      // What has come into force while the disk was busy has the last word.
      const since = obstacleOf(policy.state());
      if (since === undefined) start(until);
      else await inTurn(() => forgetObservation(path));
      return since === undefined ? { ok: true, value: observing() } : { ok: false, error: since };
    },
    async end() {
      stop('somebody ended it');
      try {
        await inTurn(() => forgetObservation(path));
      } catch (error) {
        return { ok: false, error: notWritten(path, error, 'so a restart before that time observes again') };
      }
      return { ok: true, value: observing() };
    },
    async close() {
      clearTimeout(timer);
      stopListening();
      shown.policy.close();
      await files;
    },
  };

  function observing(): Observing {
    const state = shown.policy.state();
    const until = state.kind === 'effective' ? state.observingUntil : undefined;
    return { isObserving: isObserving(state), ...(until !== undefined && { until }) };
  }
}

/** Whether now is between the two times. Before the first, the clock was set back, and the second says nothing any more. */
function isUnder({ begun, until }: KeptObservation, now: number): boolean {
  return begun <= now && now < until && until - begun <= LONGEST_MS;
}

type Problem = Extract<Answer<never>, { ok: false }>['error'];

/** Why nobody can begin to observe under this policy. */
function obstacleOf(state: PolicyState): Problem | undefined {
  if (state.kind === 'closed') {
    const message = `there is no policy that could be observed: ${state.problems[0]?.text ?? ''}`;
    return { name: 'settings-unusable', message };
  }
  const { lockedBy, values, origins } = state.policy;
  if (lockedBy !== undefined) {
    return { name: 'policy-locked', message: `the policy is locked by ${lockedBy}; ask whoever keeps that file` };
  }
  const named = (path: 'lockkeeper.mode' | 'enhancedContainerIsolation.value') => origins[path].file ?? 'the default';
  if (values['lockkeeper.mode'] === 'observe') {
    const message = `the policy itself observes; change lockkeeper.mode in ${named('lockkeeper.mode')}`;
    return { name: 'unavailable', message };
  }
  if (!values['enhancedContainerIsolation.value']) {
    const message = `nothing is enforced; change enhancedContainerIsolation.value in ${named('enhancedContainerIsolation.value')}`;
    return { name: 'unavailable', message };
  }
  return undefined;
}

function notWritten(path: string, error: unknown, consequence: string): Problem {
  const known = stateError(path, error);
  if (!(known instanceof StateError)) throw error;
  return { name: 'not-written', message: `${known.message}, ${consequence}` };
}
