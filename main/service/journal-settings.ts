import { builtInValues } from '../../shared/policy/builtin-values.ts';
import type { PolicyValues } from '../../shared/policy/policy.ts';
import type { JournalOptions } from '../journal/journal.ts';
import type { PolicySource } from '../settings/settings.ts';

/** `lockkeeper.audit` as the policy has it at each moment; without a usable policy, as built in. */
export function journalSettings(policy: PolicySource): Required<Pick<JournalOptions, 'writePasses' | 'place'>> {
  const value = <Path extends keyof PolicyValues>(path: Path): PolicyValues[Path] => {
    const state = policy.state();
    return state.kind === 'effective' ? state.policy.values[path] : builtInValues[path];
  };
  return {
    writePasses: () => value('lockkeeper.audit.passes'),
    place: () => {
      const path = value('lockkeeper.audit.path');
      return { ...(path !== '' && { path }), maxBytes: value('lockkeeper.audit.maxMegabytes') * 2 ** 20 };
    },
  };
}
