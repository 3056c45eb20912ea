import type { PolicyState } from '../../shared/policy/policy.ts';
import type { PolicySource } from '../settings/settings.ts';

export interface ObservedPolicy {
  readonly policy: PolicySource;
  /** Tells whoever follows the policy, if what it is has changed. */
  changed(): void;
}

/**
 * A policy source with until when it is observed in its state. Whoever goes by the policy needs nothing else: that
 * observing begins or ends is one more change of it, with a generation of its own.
 *
 * @param until RFC 3339 while it is observed; asked for each time the state is, so that no timer can be late.
 */
export function observedPolicy(source: PolicySource, until: () => string | undefined): ObservedPolicy {
  const listeners = new Set<(state: PolicyState) => void>();
  let given: { readonly of: PolicyState; readonly until: string | undefined; readonly state: PolicyState };
  let turns = 0;
  let told: PolicyState | undefined;

  function state(): PolicyState {
    const of = source.state();
    const now = until();
    if (given.of === of && given.until === now) return given.state;
    if (given.until !== now) turns += 1;
    given = { of, until: now, state: withObserving(of, now, turns) };
    return given.state;
  }
  function changed(): void {
    const now = state();
    if (now === told) return;
    told = now;
    for (const listener of [...listeners]) listener(now);
  }

  const first = source.state();
  given = { of: first, until: undefined, state: first };
  told = first;
  return {
    changed,
    policy: {
      ...source,
      state,
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      async reload() {
        await source.reload();
        return state();
      },
      close() {
        listeners.clear();
        source.close();
      },
    },
  };
}

function withObserving(of: PolicyState, until: string | undefined, turns: number): PolicyState {
  const generation = of.generation + turns;
  if (of.kind === 'closed' || until === undefined) return { ...of, generation };
  return { ...of, generation, observingUntil: until };
}
