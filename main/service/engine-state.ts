import { release } from 'node:os';
import type { EventBody } from '../../shared/journal/event.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { EngineClient } from '../engine/engine-client.ts';

/** What is known of the engine, kept current by whoever talks to it. */
export interface EngineView {
  readonly endpoint: string;
  readonly reachable: boolean;
  readonly version?: string;
  /** Why it cannot be reached, or what kind of engine it is. */
  readonly detail?: string;
  /** The kernel that the engine runs on; where it is not ours, paths mean something else there. */
  readonly kernel?: string;
}

export interface EngineState {
  view(): EngineView;
  /** Asks the engine about itself, and tells the journal what has changed. */
  reached(): Promise<void>;
  lost(why: string): void;
}

export function engineState(
  endpoint: EngineEndpoint,
  engine: EngineClient,
  record: (event: EventBody) => void,
): EngineState {
  let view: EngineView = { endpoint: endpoint.url, reachable: false, detail: 'not asked yet' };
  const change = (next: EngineView, tell: () => void) => {
    const isNews = next.reachable !== view.reachable || next.version !== view.version || next.detail !== view.detail;
    view = next;
    if (isNews) tell();
  };
  return {
    view: () => view,
    async reached() {
      try {
        const { version, kernel, system, store } = await engine.info();
        const next = { endpoint: endpoint.url, reachable: true, version, kernel, detail: `${system}, ${store} store` };
        change(next, () => {
          const detail = `${endpoint.url}: engine ${version} on ${system}`;
          record({ type: 'lifecycle', what: 'engine-reachable', detail });
          if (kernel !== release()) record(otherKernel(endpoint, kernel));
        });
      } catch (error) {
        this.lost(error instanceof Error ? error.message : String(error));
      }
    },
    lost(why) {
      change({ ...view, reachable: false, detail: why }, () => {
        record({ type: 'lifecycle', what: 'engine-unreachable', detail: `${endpoint.url}: ${why}` });
      });
    },
  };
}

function otherKernel(endpoint: EngineEndpoint, kernel: string): EventBody {
  const detail =
    `${endpoint.url} runs on another kernel (${kernel}) than Lockkeeper (${release()}): ` +
    'bind sources cannot be looked at there and are judged by their spelling';
  return { type: 'lifecycle', what: 'alarm', detail };
}
