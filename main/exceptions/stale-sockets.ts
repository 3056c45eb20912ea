import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { EngineClient } from '../engine/engine-client.ts';

export interface StaleSocketsDeps {
  readonly engine: Pick<EngineClient, 'container'>;
  readonly record: (event: EventBody) => void;
}

/**
 * Containers that see something old until they are started again, since a mount stays with what was mounted: the socket
 * file by itself, where a new socket was made, or the folder, where that was removed and made anew.
 */
export interface StaleSockets {
  /** A holder's socket was made anew just now, in its folder or in a new one. */
  renewed(holder: SocketHolder, isFolderNew: boolean): void;
  /** Finds out which of those holders run since before. */
  check(): Promise<void>;
  started(containerId: string): void;
  removed(containerId: string): void;
  isStale(containerId: string): boolean;
  /** What has to be restarted, in sentences. */
  problems(): readonly string[];
}

interface Suspect {
  readonly holder: SocketHolder;
  readonly isFolderNew: boolean;
  /** When its socket was made anew (milliseconds since 1970). */
  readonly since: number;
  /** What was told about it, once it is known to run since before. */
  words?: string;
}

export function staleSockets({ engine, record }: StaleSocketsDeps): StaleSockets {
  const suspects = new Map<string, Suspect>();
  const forget = (containerId: string) => void suspects.delete(containerId);
  return {
    renewed(holder, isFolderNew) {
      if (!isFolderNew && holder.way !== 'file') return;
      suspects.set(holder.containerId, { holder, isFolderNew, since: Date.now() });
    },
    async check() {
      for (const [id, suspect] of [...suspects]) {
        const container = await engine.container(id);
        // It may have been started, which we are told of, while the engine was asked.
        if (suspects.get(id) !== suspect) continue;
        // An engine that restarts starts its containers before it tells anybody.
        if (container?.startedAt === undefined || Date.parse(container.startedAt) >= suspect.since) {
          forget(id);
        } else if (suspect.words === undefined) {
          suspect.words = staleWords(container.name, suspect);
          record({ type: 'lifecycle', what: 'alarm', detail: suspect.words });
        }
      }
    },
    started: forget,
    removed: forget,
    isStale: (containerId) => suspects.get(containerId)?.words !== undefined,
    problems: () => [...suspects.values()].flatMap(({ words }) => words ?? []),
  };
}

function staleWords(name: string, { holder, isFolderNew }: Suspect): string {
  const { containerId, image, targets } = holder;
  const why = isFolderNew
    ? 'the folder that it has mounted was removed'
    : 'the socket is the one from before Lockkeeper made it anew, since only the socket file could be mounted there';
  return `container ${name} (${containerId.slice(0, 12)}, ${image}) must be restarted to use its socket at ${targets.join(', ')}: ${why}; docker restart ${name}`;
}
