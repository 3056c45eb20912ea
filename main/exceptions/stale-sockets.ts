import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { EngineClient } from '../engine/engine-client.ts';

export interface StaleSocketsDeps {
  readonly engine: Pick<EngineClient, 'container'>;
  readonly record: (event: EventBody) => void;
}

/**
 * Containers that have the socket file itself mounted see the old one until they are started again: a mount of a file
 * stays with the file, and a new socket is another one.
 */
export interface StaleSockets {
  /** A holder's socket was made anew just now. */
  renewed(holder: SocketHolder): void;
  /** Finds out which of those holders run since before. */
  check(): Promise<void>;
  started(containerId: string): void;
  removed(containerId: string): void;
  isStale(containerId: string): boolean;
  /** What has to be restarted, in sentences. */
  problems(): readonly string[];
}

export function staleSockets({ engine, record }: StaleSocketsDeps): StaleSockets {
  const suspects = new Map<string, { readonly holder: SocketHolder; readonly since: number }>();
  const stale = new Map<string, string>();
  const forget = (containerId: string) => {
    suspects.delete(containerId);
    stale.delete(containerId);
  };
  return {
    renewed(holder) {
      if (holder.way === 'file') suspects.set(holder.containerId, { holder, since: Date.now() });
    },
    async check() {
      for (const [id, { holder, since }] of [...suspects]) {
        const container = await engine.container(id);
        // It may have been started, which we are told of, while the engine was asked.
        if (!suspects.delete(id) || container?.startedAt === undefined) continue;
        if (Date.parse(container.startedAt) >= since) continue;
        const detail = staleWords(container.name, holder);
        stale.set(id, detail);
        record({ type: 'lifecycle', what: 'alarm', detail });
      }
    },
    started: forget,
    removed: forget,
    isStale: (containerId) => stale.has(containerId),
    problems: () => [...stale.values()],
  };
}

function staleWords(name: string, { containerId, image, targets }: SocketHolder): string {
  return `container ${name} (${containerId.slice(0, 12)}, ${image}) must be restarted: the socket at ${targets.join(', ')} is the one from before Lockkeeper was restarted, since only the socket file could be mounted there; docker restart ${name}`;
}
