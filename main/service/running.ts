import { socketUrl } from '../../shared/engine-api/socket-url.ts';
import { renderRemark } from '../../shared/policy/admin-settings.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { EngineState } from './engine-state.ts';
import type { Greeting, Service } from './service-options.ts';
import type { OpenState } from './state.ts';

/** What the service says when it is ready. */
export function greeting(
  state: OpenState,
  endpoint: EngineEndpoint,
  policy: PolicyState,
  engine: EngineState,
  windowLink: string | undefined,
): Greeting {
  const { reachable, version } = engine.view();
  const settings = [...policy.problems, ...(policy.kind === 'effective' ? policy.warnings : [])];
  const behind = reachable ? `engine ${version}` : 'engine not reachable yet';
  return {
    readyLine: `lockkeeper: ready at ${socketUrl(state.hostGate)} for ${endpoint.url} (${behind})`,
    remarks: [...state.problems, ...settings.map(renderRemark)],
    ...(windowLink !== undefined && { windowLine: windowLine(windowLink) }),
  };
}

function windowLine(link: string): string {
  return `lockkeeper: window in the browser, open once: ${link}`;
}

/** The two ways in which the service ends: somebody stops it, or it cannot go on. */
export function endOfService(close: () => Promise<void>): Pick<Service, 'stop' | 'stopped'> & {
  giveUp(why: Error): void;
} {
  let resolve = () => {};
  let reject = (_why: Error) => {};
  const stopped = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  // Whoever serves waits for it; until then, giving up is not a failure that nobody caught.
  stopped.catch(() => undefined);
  let stopping: Promise<void> | undefined;
  return {
    stopped,
    stop() {
      stopping ??= close().then(resolve);
      return stopping;
    },
    giveUp(why) {
      stopping ??= close().then(() => reject(why));
    },
  };
}
