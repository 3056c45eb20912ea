import { isBehind } from '../../shared/ipc/allow-list.ts';
import type { Preferences } from '../../shared/ipc/preferences.ts';
import { type OwnClient, ownClient } from './own-client.ts';
import type { KeptService } from './service-thread/keep-service.ts';
import type { Blocked, TrayFacts } from './tray/tray-facts.ts';
import { MOST_BLOCKED } from './tray/tray-menu.ts';

/** What tray and notifications know, kept current while the service runs. */
export interface Followed {
  readonly facts: () => TrayFacts;
  /** The running service's contract. */
  readonly client: () => OwnClient | undefined;
  /** The service runs: follows it, from its beginning on. */
  begin(open: KeptService['open']): void;
  /** It does not run any more. */
  end(): void;
  /** The user has seen what was blocked. */
  seen(): void;
}

export interface FollowOptions {
  readonly changed: () => void;
  readonly blocked: (event: Blocked) => void;
  /** What is chosen for our surfaces, at first and whenever it becomes another. */
  readonly chosen: (preferences: Preferences) => void;
  /** Whether the user sees what is blocked in the window now. */
  readonly isSeen: () => boolean;
}

const NOTHING: TrayFacts = { blocked: [], unseen: 0, stale: [] };

export function followService({ changed, blocked, chosen, isSeen }: FollowOptions): Followed {
  let facts = NOTHING;
  let client: OwnClient | undefined;

  function become(next: Partial<TrayFacts>): void {
    facts = { ...facts, ...next };
    changed();
  }

  function end(): void {
    client?.close();
    client = undefined;
    facts = NOTHING;
    changed();
  }

  return {
    facts: () => facts,
    client: () => client,
    begin(open) {
      end();
      client = ownClient(open);
      const lost = () => undefined;
      void client.subscribe('status', {}, { value: (status) => become({ status }), lost });
      void client.subscribe('preferences', {}, { value: chosen, lost });
      void client.subscribe(
        'allowList',
        {},
        {
          value: ({ entries }) => {
            const stale = entries.filter(({ state }) => isBehind(state));
            become({ stale: stale.flatMap(({ refreshable }) => refreshable) });
          },
          lost,
        },
      );
      const value = (event: { readonly type: string }) => {
        if (event.type !== 'decision') return;
        // The filter asks for decisions alone.
        const decision = event as Blocked;
        become({
          blocked: [decision, ...facts.blocked].slice(0, MOST_BLOCKED),
          unseen: isSeen() ? 0 : facts.unseen + 1,
        });
        blocked(decision);
      };
      void client.subscribe('event', { types: ['decision'], outcomes: ['refused'] }, { value, lost });
    },
    end,
    seen() {
      if (facts.unseen > 0) become({ unseen: 0 });
    },
  };
}
