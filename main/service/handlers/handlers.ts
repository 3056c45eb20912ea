import type { ControlHandlers } from '../../../shared/ipc/contract.ts';
import type { Observation } from '../../observation/observation.ts';
import type { KeptPreferences } from '../../preferences/preferences.ts';
import type { Refreshes } from '../../refresh/refresh.ts';
import type { SetUpWatch } from '../../set-up/set-up.ts';
import type { Shell } from '../shell.ts';
import type { OpenState } from '../state.ts';
import { type AllowListDeps, allowListHandlers } from './allow-list.ts';
import { type CheckDeps, checkHandlers } from './check.ts';
import { type ContainersDeps, containerHandlers } from './containers.ts';
import { type DashboardLinks, dashboardHandlers } from './dashboard.ts';
import { eventHandlers } from './events.ts';
import { observationHandlers } from './observation.ts';
import { pinHandlers } from './pin.ts';
import { policyChangeHandlers } from './policy-change.ts';
import { preferencesHandlers } from './preferences.ts';
import { refreshHandlers } from './refresh.ts';
import { setUpHandlers } from './set-up.ts';
import { startUpHandlers } from './start-up.ts';
import { type StatusDeps, statusHandlers } from './status.ts';

export interface HandlerDeps extends StatusDeps, CheckDeps, AllowListDeps, ContainersDeps {
  readonly state: OpenState;
  readonly policy: StatusDeps['policy'];
  readonly sockets: StatusDeps['sockets'];
  readonly holders: ContainersDeps['holders'];
  readonly setUp: SetUpWatch;
  readonly options: StatusDeps['options'] & { readonly dashboard?: number };
  readonly dashboard: () => DashboardLinks | undefined;
  readonly facts: CheckDeps['facts'];
  readonly journal: StatusDeps['journal'];
  readonly refreshes: Refreshes;
  readonly preferences: KeptPreferences;
  readonly observation: Observation;
  readonly shell: Shell;
}

/** All of the contract, put together from its concerns: a leaf that none of them brings is a type error. */
export function controlHandlers(deps: HandlerDeps): ControlHandlers {
  const status = statusHandlers(deps);
  const events = eventHandlers(deps.journal);
  const allowList = allowListHandlers(deps);
  const refresh = refreshHandlers(deps.refreshes);
  const containers = containerHandlers(deps);
  const preferences = preferencesHandlers(deps.preferences);
  const startUp = startUpHandlers(deps.shell);
  return {
    snapshot: () => ({ status: status.read(), preferences: deps.preferences.now() }),
    requests: {
      ...status.requests,
      ...events.requests,
      ...checkHandlers(deps).requests,
      ...allowList.requests,
      ...refresh.requests,
      ...pinHandlers(deps).requests,
      ...containers.requests,
      ...setUpHandlers(deps.setUp).requests,
      ...policyChangeHandlers(deps).requests,
      ...preferences.requests,
      ...observationHandlers(deps.observation).requests,
      ...startUp.requests,
      ...dashboardHandlers(deps.dashboard).requests,
    },
    pushes: {
      ...status.pushes,
      ...events.pushes,
      ...allowList.pushes,
      ...refresh.pushes,
      ...containers.pushes,
      ...preferences.pushes,
      ...startUp.pushes,
    },
  };
}
