import type { Journal } from '../../journal/journal.ts';
import { policyChanges } from '../../policy-change/policy-changes.ts';
import { settingsEditing } from '../../policy-change/settings-text.ts';
import type { PolicySource } from '../../settings/settings.ts';
import type { CheckDeps } from './check.ts';
import type { HandlersFor } from './handlers-for.ts';

export interface PolicyChangeDeps extends Pick<CheckDeps, 'facts'> {
  readonly policy: PolicySource;
  readonly journal: Journal;
}

/** Changes of the user's settings file: one that lets something through, and any in an editor. */
export function policyChangeHandlers({
  policy,
  journal,
  facts,
}: PolicyChangeDeps): HandlersFor<
  'suggestChange' | 'proposeChange' | 'applyChange' | 'settingsText' | 'writeSettings'
> {
  const { engine, image } = facts;
  const editing = settingsEditing({ policy, record: journal.record });
  const changes = policyChanges({ policy, engine, image, record: journal.record });
  return {
    requests: {
      suggestChange: (request) => changes.suggest(request),
      proposeChange: ({ change }) => changes.propose(change),
      applyChange: ({ change, basis }) => changes.apply(change, basis),
      settingsText: async () => ({ ok: true, value: await editing.look() }),
      writeSettings: ({ text, basis }) => editing.write(text, basis),
    },
    pushes: {},
  };
}
