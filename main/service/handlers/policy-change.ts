import type { Journal } from '../../journal/journal.ts';
import { policyChanges } from '../../policy-change/policy-changes.ts';
import type { PolicySource } from '../../settings/settings.ts';
import type { CheckDeps } from './check.ts';
import type { HandlersFor } from './handlers-for.ts';

export interface PolicyChangeDeps extends Pick<CheckDeps, 'facts'> {
  readonly policy: PolicySource;
  readonly journal: Journal;
}

/** Changes of the user's settings file that let something through. */
export function policyChangeHandlers({
  policy,
  journal,
  facts,
}: PolicyChangeDeps): HandlersFor<'suggestChange' | 'proposeChange' | 'applyChange'> {
  const { engine, image } = facts;
  const changes = policyChanges({ policy, engine, image, record: journal.record });
  return {
    requests: {
      suggestChange: (request) => changes.suggest(request),
      proposeChange: ({ change }) => changes.propose(change),
      applyChange: ({ change, basis }) => changes.apply(change, basis),
    },
    pushes: {},
  };
}
