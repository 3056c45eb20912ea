import type { Snapshot } from '../../../../shared/ipc/contract.ts';
import { defaultPreferences } from '../../../../shared/ipc/preferences.ts';
import { statusSample } from './status-sample.ts';

/** What the greeting of a Lockkeeper brings. */
export const snapshotSample: Snapshot = { status: statusSample, preferences: defaultPreferences };
