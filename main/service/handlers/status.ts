import type { Status } from '../../../shared/ipc/status.ts';
import { describePolicy } from '../../../shared/policy/describe.ts';
import type { Holders } from '../../holders/holders.ts';
import type { Journal } from '../../journal/journal.ts';
import type { KeptPreferences } from '../../preferences/preferences.ts';
import type { SetUpWatch } from '../../set-up/set-up.ts';
import { liveValue } from '../live-value.ts';
import { type StatusDeps as AboutStatus, statusOf } from '../status.ts';
import type { HandlersFor } from './handlers-for.ts';

export interface StatusDeps extends AboutStatus {
  readonly journal: Journal;
  readonly holders: Pick<Holders, 'raw' | 'onRaw'>;
  readonly setUp: Pick<SetUpWatch, 'last' | 'onChange'>;
  readonly preferences: Pick<KeptPreferences, 'onChange'>;
}

/** Some of it changes without an event, such as the day of "today": this often it is looked at anyway. */
const SILENT_CHANGES_MS = 10_000;

/** What the status header of every surface says, and the policy that it is about. */
export function statusHandlers(
  deps: StatusDeps,
): HandlersFor<'status' | 'policy', 'status' | 'policy'> & { readonly read: () => Status } {
  const read = () => statusOf(deps);
  const live = liveValue({ read, watch: (changed) => watch(deps, changed) });
  const readPolicy = () => describePolicy(deps.policy.state());
  const livePolicy = liveValue({ read: readPolicy, watch: (changed) => deps.policy.onChange(changed) });
  return {
    read,
    requests: {
      status: () => ({ ok: true, value: read() }),
      policy: () => ({ ok: true, value: readPolicy() }),
    },
    pushes: {
      status: (_, push) => live.subscribe(push),
      policy: (_, push) => livePolicy.subscribe(push),
    },
  };
}

/** Engine and sockets tell the journal what happens to them, and every decision counts. */
function watch({ journal, policy, holders, setUp, preferences }: StatusDeps, changed: () => void): () => void {
  const timer = setInterval(changed, SILENT_CHANGES_MS);
  const sources = [
    journal.subscribe(changed),
    policy.onChange(changed),
    holders.onRaw(changed),
    setUp.onChange(changed),
    preferences.onChange(changed),
  ];
  const ends = [...sources, () => clearInterval(timer)];
  return () => {
    for (const end of ends) end();
  };
}
