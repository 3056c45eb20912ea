import type { KeptPreferences } from '../../preferences/preferences.ts';
import { liveValue } from '../live-value.ts';
import type { HandlersFor } from './handlers-for.ts';

/** A choice is seen where it is made at once; it is a person who makes it, so there are not many. */
const PACE_MS = 0;

/** What was chosen for the window, the same in all of them. */
export function preferencesHandlers(kept: KeptPreferences): HandlersFor<'setPreferences', 'preferences'> {
  const live = liveValue({ read: kept.now, watch: kept.onChange, paceMs: PACE_MS });
  return {
    requests: { setPreferences: async (change) => ({ ok: true, value: await kept.change(change) }) },
    pushes: { preferences: (_, push) => live.subscribe(push) },
  };
}
