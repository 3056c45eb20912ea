import type { ControlHandlers } from '../../../shared/ipc/contract.ts';
import type { OpenState } from '../state.ts';
import { type CheckDeps, checkHandlers } from './check.ts';
import { type DashboardLinks, dashboardHandlers } from './dashboard.ts';
import { eventHandlers } from './events.ts';
import { type StatusDeps, statusHandlers } from './status.ts';

export interface HandlerDeps extends StatusDeps, CheckDeps {
  readonly state: OpenState;
  readonly policy: StatusDeps['policy'];
  readonly sockets: StatusDeps['sockets'];
  readonly options: StatusDeps['options'] & { readonly dashboard?: number };
  readonly dashboard: () => DashboardLinks | undefined;
}

/** All of the contract, put together from its concerns: a leaf that none of them brings is a type error. */
export function controlHandlers(deps: HandlerDeps): ControlHandlers {
  const status = statusHandlers(deps);
  const events = eventHandlers(deps.journal);
  return {
    requests: {
      ...status.requests,
      ...events.requests,
      ...checkHandlers(deps).requests,
      ...dashboardHandlers(deps.dashboard).requests,
    },
    pushes: {
      ...status.pushes,
      ...events.pushes,
    },
  };
}
