import type { Status } from '../../../shared/ipc/status.ts';
import type { JournalEvent } from '../../../shared/journal/event.ts';

export type Blocked = Extract<JournalEvent, { type: 'decision' }>;

/** What the tray is about. */
export interface TrayFacts {
  /** Absent until the service runs. */
  readonly status?: Status;
  /** The newest first. */
  readonly blocked: readonly Blocked[];
  /** How many were blocked since the user saw the window last. */
  readonly unseen: number;
  /** What a refresh of all that is stale would pull. */
  readonly stale: readonly string[];
}

/** As the names of the icons. */
export type TrayState =
  | 'stopped'
  | 'policy-error'
  | 'engine-unreachable'
  | 'not-enforced'
  | 'observing'
  | 'blocked'
  | 'enforcing';

/** The worst that is so. */
export function trayState({ status, unseen }: TrayFacts): TrayState {
  if (status === undefined) return 'stopped';
  if (status.policy.state !== 'in-force') return 'policy-error';
  if (!status.engine.reachable) return 'engine-unreachable';
  if (status.enforcement === 'observing') return 'observing';
  if (status.enforcement !== 'enforcing') return 'not-enforced';
  return unseen > 0 ? 'blocked' : 'enforcing';
}

/** Whose request it was: the image that asked, or that was asked for. */
export function whoOf({ caller, image }: Blocked): string | undefined {
  return caller.image ?? image;
}
