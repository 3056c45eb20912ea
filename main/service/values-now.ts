import { builtInValues } from '../../shared/policy/builtin-values.ts';
import type { PolicyState, PolicyValues } from '../../shared/policy/policy.ts';

/** Reads values of the policy as they are at each moment; without a usable policy, as built in. */
export function valuesNow(state: () => PolicyState) {
  return <Path extends keyof PolicyValues>(path: Path): PolicyValues[Path] => {
    const now = state();
    return now.kind === 'effective' ? now.policy.values[path] : builtInValues[path];
  };
}
