import type { RawHolder } from '../../shared/ipc/containers.ts';
import type { BeyondLimits } from '../../shared/ipc/status.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import type { Decided } from '../enforcement/enforce.ts';
import type { Terminal } from './terminal.ts';

/** What the checks may look at. */
export interface Machine extends Terminal {
  readonly platform: NodeJS.Platform;
  /** Version of this program. */
  readonly version: string;
  /** Why no Lockkeeper answers; undefined: one does. */
  readonly notRunning: string | undefined;
  readonly engine: () => { readonly reachable: boolean; readonly version?: string; readonly detail?: string };
  readonly policy: () => PolicyState;
  /** Where a user's settings would be written. */
  readonly userFile: string;
  /** Containers that command the engine past us; rejects when the engine cannot be asked. */
  readonly rawHolders: () => Promise<readonly RawHolder[]>;
  /** What of this run's clients was beyond a limit; undefined without a Lockkeeper. */
  readonly beyondLimits: (() => BeyondLimits) | undefined;
  /** What would become of a container of an unknown image that asks for the socket; undefined without a Lockkeeper. */
  readonly unknownImage: (() => Promise<Decided>) | undefined;
}
