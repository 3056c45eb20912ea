import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';

/** What is wrong with single sockets of ours: told once as an event, and for as long as it lasts in the status. */
export interface SocketTroubles {
  /** A record that cannot be used, and where it is kept. */
  unreadable(path: string): void;
  unopened(holder: SocketHolder, error: unknown): void;
  opened(holder: SocketHolder): void;
  problems(): readonly string[];
}

export function socketTroubles(record: (event: EventBody) => void): SocketTroubles {
  const troubles = new Map<string, string>();
  const tell = (about: string, words: string) => {
    if (troubles.get(about) !== words) record({ type: 'lifecycle', what: 'alarm', detail: words });
    troubles.set(about, words);
  };
  return {
    unreadable: (path) => tell(path, unreadableWords(path)),
    unopened: (holder, error) => tell(holder.key, unopenedWords(holder, error)),
    opened: ({ key }) => void troubles.delete(key),
    problems: () => [...troubles.values()],
  };
}

function unreadableWords(path: string): string {
  return `the record of a container's socket cannot be read; it is kept as ${path}. Its container has no socket: remove that container and create it again, then remove the file`;
}

function unopenedWords(holder: SocketHolder, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `the socket of container ${holder.containerId.slice(0, 12)} (${holder.image}) cannot be opened: ${why}; mend that and restart Lockkeeper`;
}
