import packageJson from '../../package.json' with { type: 'json' };
import type { EventBody } from '../../shared/journal/event.ts';
import { serveControl } from '../control/server.ts';
import { type Dashboard, openDashboard } from '../dashboard/dashboard.ts';
import { controlHandlers, type HandlerDeps } from './handlers/handlers.ts';
import { StartFailure } from './service-options.ts';

const { version } = packageJson;

/** What answers about this run: the control socket, and the dashboard where one was asked for. */
export interface Control {
  /** The first link to the dashboard. */
  readonly dashboardLink?: string;
  close(): Promise<void>;
}

/** Opens the ways to the contract. Both serve the same handlers. */
export async function openControl(deps: Omit<HandlerDeps, 'dashboard'>): Promise<Control> {
  let dashboard: Dashboard | undefined;
  const handlers = controlHandlers({ ...deps, dashboard: () => dashboard });
  const served = await serveControl({ path: deps.state.control, version, handlers });
  if (!served.ok) throw new StartFailure('failed', served.message);
  const port = deps.options.dashboard;
  if (port === undefined) return served.server;

  const record = (event: EventBody) => void deps.journal.record(event);
  const opened = await openDashboard({ port, version, handlers, record });
  if (!opened.ok) {
    await served.server.close();
    throw new StartFailure('failed', opened.message);
  }
  dashboard = opened.dashboard;
  return {
    dashboardLink: dashboard.link(),
    async close() {
      await opened.dashboard.close();
      await served.server.close();
    },
  };
}
