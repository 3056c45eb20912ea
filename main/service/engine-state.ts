import { release } from 'node:os';
import type { EventBody } from '../../shared/journal/event.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { EngineClient, EngineInfo, HostUser } from '../engine/engine-client.ts';
import { isOtherEngine } from '../engine/engine-identity.ts';

/** What is known of the engine, kept current by whoever talks to it. */
export interface EngineView {
  readonly endpoint: string;
  readonly reachable: boolean;
  /** When it became, or ceased to be, reachable (RFC 3339). */
  readonly since: string;
  readonly version?: string;
  /** Why it cannot be reached, or what kind of engine it is. */
  readonly detail?: string;
  /** The kernel that the engine runs on; where it is not ours, paths mean something else there. */
  readonly kernel?: string;
  /** The engine's own ID: another one is another engine, or one that has lost its data. */
  readonly id?: string;
  /** Whom root is in containers on the host, where the engine remaps users. */
  readonly remappedRoot?: HostUser;
}

export interface EngineState {
  view(): EngineView;
  /** The ID of the engine that answers now; undefined while none does. */
  id(): string | undefined;
  /** Asks the engine about itself, and tells the journal what has changed. Rejects when it does not answer. */
  reached(): Promise<void>;
  lost(why: string): void;
}

export function engineState(
  endpoint: EngineEndpoint,
  engine: Pick<EngineClient, 'info'>,
  record: (event: EventBody) => void,
): EngineState {
  let view: EngineView = { endpoint: endpoint.url, reachable: false, since: now(), detail: 'not asked yet' };
  const lost = (why: string) => {
    const isNews = view.reachable || view.detail !== why;
    view = { ...view, reachable: false, since: view.reachable ? now() : view.since, detail: why };
    if (isNews) record({ type: 'lifecycle', what: 'engine-unreachable', detail: `${endpoint.url}: ${why}` });
  };
  return {
    view: () => view,
    id: () => (view.reachable && view.id !== '' ? view.id : undefined),
    async reached() {
      try {
        const info = await engine.info();
        const before = view;
        const { id, version, kernel, system, store, remappedRoot } = info;
        const since = before.reachable ? before.since : now();
        view = {
          endpoint: endpoint.url,
          reachable: true,
          since,
          version,
          kernel,
          id,
          detail: `${system}, ${store} store`,
          ...(remappedRoot !== undefined && { remappedRoot }),
        };
        if (before.reachable && before.version === version && before.id === id) return;
        record({ type: 'lifecycle', what: 'engine-reachable', detail: reachedWords(endpoint, info, before) });
        if (kernel !== release() && before.kernel !== kernel) record(otherKernel(endpoint, kernel));
      } catch (error) {
        lost(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
    lost,
  };
}

function now(): string {
  return new Date().toISOString();
}

function reachedWords(endpoint: EngineEndpoint, { id, version, system }: EngineInfo, before: EngineView): string {
  const was = before.version !== undefined && before.version !== version ? ` (it was ${before.version})` : '';
  const isOther = before.id !== undefined && isOtherEngine(before.id, id);
  const other = isOther ? '; it is another engine, or has lost its data' : '';
  return `${endpoint.url}: engine ${version}${was} on ${system}${other}`;
}

function otherKernel(endpoint: EngineEndpoint, kernel: string): EventBody {
  const detail =
    `${endpoint.url} runs on another kernel (${kernel}) than Lockkeeper (${release()}): ` +
    'bind sources cannot be looked at there and are judged by their spelling';
  return { type: 'lifecycle', what: 'alarm', detail };
}
