import type { Policy, PolicyState } from '../../shared/policy/policy.ts';

export interface ResolvingDeps {
  readonly policy: {
    readonly state: () => PolicyState;
    onChange(listener: (state: PolicyState) => void): () => void;
  };
  /** Asks for all that the image list names. */
  readonly resolveAll: (policy: Policy) => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly isReachable: () => boolean;
}

export interface Resolving {
  /** Resolves again what could not be asked while the engine was away. */
  engineIsBack(): void;
  stop(): void;
}

/** Longer than this a timer cannot wait (Node counts milliseconds in 31 bits). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How often a closed policy is looked at; a change of it is noticed at once anyway. */
const CLOSED_MINUTES = 60;

/** Resolves now, after each change of the policy, and every `resolveEveryMinutes`. */
export function startResolving({ policy, resolveAll, failed, isReachable }: ResolvingDeps): Resolving {
  let timer: NodeJS.Timeout | undefined;
  let isMissed = false;
  const resolve = () => {
    clearTimeout(timer);
    isMissed = !isReachable();
    const state = policy.state();
    if (state.kind === 'effective' && !isMissed) resolveAll(state.policy).catch(failed);
    const minutes = state.kind === 'effective' ? state.policy.values['lockkeeper.resolveEveryMinutes'] : CLOSED_MINUTES;
    timer = setTimeout(resolve, Math.min(minutes * 60_000, LONGEST_TIMER_MS));
    timer.unref();
  };
  const unsubscribe = policy.onChange(resolve);
  resolve();
  return {
    engineIsBack() {
      if (isMissed) resolve();
    },
    stop() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
