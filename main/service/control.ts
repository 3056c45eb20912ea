import packageJson from '../../package.json' with { type: 'json' };
import type { ControlHandlers } from '../../shared/ipc/contract.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import { systemClocks } from '../clocks/clocks.ts';
import type { Channel } from '../control/channel.ts';
import { serveConnection } from '../control/connection.ts';
import { type ControlServer, serveControl } from '../control/server.ts';
import { type Dashboard, openDashboard } from '../dashboard/dashboard.ts';
import { type Background, type BackgroundDeps, lookInBackground } from './background.ts';
import { controlHandlers, type HandlerDeps } from './handlers/handlers.ts';
import { type RefreshingDeps, startRefreshing } from './refreshing.ts';
import { countRequests } from './request-counts.ts';
import { StartFailure } from './service-options.ts';

const { version } = packageJson;

/** What answers about this run, whichever way it is asked: the control socket and the window have the same handlers. */
export interface Answering {
  openControl(): Promise<ControlServer>;
  /** Serves the window to browsers on this machine; resolves to the first link. */
  openWindow(port: number): Promise<string>;
  /** Answers one client that has come some other way. */
  serve(channel: Channel): void;
  close(): Promise<void>;
}

type AnsweringDeps = Omit<
  HandlerDeps,
  'dashboard' | 'counts' | 'startedAt' | 'uptimeMs' | 'refreshes' | keyof Background
> &
  Omit<BackgroundDeps, 'counts'> &
  RefreshingDeps;

export function answering(deps: AnsweringDeps): Answering {
  const counts = countRequests(deps.journal);
  const background = lookInBackground({ ...deps, counts });
  const refreshes = startRefreshing(deps);
  const served = new Set<Channel>();
  let dashboard: Dashboard | undefined;
  const { steady } = systemClocks;
  const begun = steady();
  const started = { startedAt: new Date(), uptimeMs: () => steady() - begun };
  const about = { ...deps, ...background, ...started, counts, refreshes, dashboard: () => dashboard };
  const handlers: ControlHandlers = controlHandlers(about);
  return {
    async openControl() {
      const served = await serveControl({ path: deps.state.control, version, run: deps.journal.run, handlers });
      if (!served.ok) throw new StartFailure('failed', served.message);
      return served.server;
    },
    async openWindow(port) {
      const record = (event: EventBody) => void deps.journal.record(event);
      const opened = await openDashboard({ port, version, run: deps.journal.run, handlers, record });
      if (!opened.ok) throw new StartFailure('failed', opened.message);
      dashboard = opened.dashboard;
      return dashboard.link();
    },
    serve(channel) {
      served.add(channel);
      serveConnection(channel, handlers, { version, run: deps.journal.run }, () => served.delete(channel));
    },
    async close() {
      for (const channel of served) channel.end();
      background.stop();
      counts.close();
      await refreshes.stop();
      await dashboard?.close();
    },
  };
}
