import { failure } from '../../control/outbox.ts';
import type { HandlersFor } from './handlers-for.ts';

/** What hands out links to the window in the browser. */
export interface DashboardLinks {
  link(): string;
}

/** Links to the window that this run serves, where it serves one. */
export function dashboardHandlers(dashboard: () => DashboardLinks | undefined): HandlersFor<'dashboardLink'> {
  return {
    requests: {
      dashboardLink() {
        const open = dashboard();
        if (open !== undefined) return { ok: true, value: { url: open.link() } };
        const remedy = "start it with 'lockkeeper serve --dashboard PORT'";
        return failure('unavailable', `the running Lockkeeper serves no window to browsers: ${remedy}`);
      },
    },
    pushes: {},
  };
}
