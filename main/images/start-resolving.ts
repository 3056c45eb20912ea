import type { Policy, PolicyState } from '../../shared/policy/policy.ts';

export interface ResolvingDeps {
  readonly policy: {
    readonly state: () => PolicyState;
    onChange(listener: (state: PolicyState) => void): () => void;
  };
  /**
   * Asks for all that the image list names, or for what came to nothing last time (`missed`). Resolves to whether
   * registries have told all of it.
   */
  readonly resolve: (policy: Policy, which: 'all' | 'missed') => Promise<boolean>;
  readonly failed: (error: unknown) => void;
  readonly isReachable: () => boolean;
  /** Between 0 and 1, for waits that are not the same for everybody; by default Math.random. */
  readonly chance?: () => number;
}

export interface Resolving {
  /** Asks what could not be asked while the engine was away. */
  engineIsBack(): void;
  stop(): void;
}

/** Longer than this a timer cannot wait (Node counts milliseconds in 31 bits). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How often a closed policy is looked at; a change of it is noticed at once anyway. */
const CLOSED_MINUTES = 60;
/** What came to nothing is asked again after a minute, then after twice as long each time, up to this. */
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 30 * 60_000;

/**
 * Resolves now, after each change of the policy, and every `resolveEveryMinutes`. In between, what came to nothing is
 * asked again: so a registry that is back shows within the time that it was away, and half an hour at most.
 */
export function startResolving(deps: ResolvingDeps): Resolving {
  const { policy, resolve, failed, isReachable, chance = Math.random } = deps;
  let schedule: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let round = 0;
  /** Everything, or what came to nothing, or nothing is still to be asked. */
  let due: 'all' | 'missed' | undefined;
  const ask = async (which: 'all' | 'missed', waitMs: number) => {
    clearTimeout(retry);
    round += 1;
    const own = round;
    due = which;
    const state = policy.state();
    if (state.kind !== 'effective' || !isReachable()) return;
    const isComplete = await resolve(state.policy, which).catch((error: unknown) => {
      failed(error);
      return false;
    });
    if (own !== round) return;
    due = isComplete ? undefined : 'missed';
    if (isComplete) return;
    retry = setTimeout(again, waitMs * (1 + chance() / 2), Math.min(waitMs * 2, LONGEST_RETRY_MS));
    retry.unref();
  };
  const again = (waitMs: number) => void ask('missed', waitMs);
  const all = () => {
    clearTimeout(schedule);
    void ask('all', FIRST_RETRY_MS);
    const state = policy.state();
    const minutes = state.kind === 'effective' ? state.policy.values['lockkeeper.resolveEveryMinutes'] : CLOSED_MINUTES;
    schedule = setTimeout(all, Math.min(minutes * 60_000, LONGEST_TIMER_MS));
    schedule.unref();
  };
  const unsubscribe = policy.onChange(all);
  all();
  return {
    engineIsBack() {
      if (due === 'all') all();
      else if (due === 'missed') again(FIRST_RETRY_MS);
    },
    stop() {
      round += 1;
      clearTimeout(schedule);
      clearTimeout(retry);
      unsubscribe();
    },
  };
}
