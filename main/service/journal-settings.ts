import type { JournalOptions } from '../journal/journal.ts';
import type { PolicySource } from '../settings/settings.ts';
import { valuesNow } from './values-now.ts';

/** `lockkeeper.audit` as the policy has it at each moment. */
export function journalSettings(policy: PolicySource): Required<Pick<JournalOptions, 'writePasses' | 'place'>> {
  const value = valuesNow(policy.state);
  return {
    writePasses: () => value('lockkeeper.audit.passes'),
    place: () => {
      const path = value('lockkeeper.audit.path');
      return { ...(path !== '' && { path }), maxBytes: value('lockkeeper.audit.maxMegabytes') * 2 ** 20 };
    },
  };
}
