import {
  defaultPreferences,
  type Preferences,
  type PreferencesChange,
  preferencesSchema,
} from '../../shared/ipc/preferences.ts';
import { StateError, stateError } from '../state/state-error.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { preferencesFile, readPreferences, writePreferences } from './preferences-file.ts';

/** What was chosen for the surfaces of this Lockkeeper, kept across restarts. */
export interface KeptPreferences {
  now(): Preferences;
  /**
   * Counts at once, for every window. Resolves to what then counts, once it is on disk or cannot be put there; in that
   * case it counts until Lockkeeper ends, and `problems` says so.
   */
  change(change: PreferencesChange): Promise<Preferences>;
  /** Told when `now` or `problems` may be others. Returns what ends that. */
  onChange(listener: () => void): () => void;
  /** What is wrong with the file, in sentences with the remedy. */
  problems(): readonly string[];
  /** Writes the file anew, since the folder was removed; rejects with a StateError. */
  storeAgain(): Promise<void>;
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>;
}

/** Opens what a state folder has. A file that cannot be used counts as none, until the next choice replaces it. */
export async function openPreferences(stateFolder: string, reached: Reached = goOn): Promise<KeptPreferences> {
  const path = preferencesFile(stateFolder);
  const read = await readPreferences(path);
  const listeners = new Set<() => void>();
  let preferences = read.ok ? read.preferences : defaultPreferences;
  let problem = read.ok ? undefined : unusable(path, read.why);
  let writing: Promise<unknown> = Promise.resolve();

  const tell = () => {
    for (const listener of listeners) listener();
  };
  const write = async () => {
    try {
      await writePreferences(path, preferences, () => reached('preferences-half-written'));
      reached('preferences-written');
      problem = undefined;
    } catch (error) {
      const known = stateError(path, error);
      if (known instanceof StateError) problem = unkept(known);
      throw known;
    }
  };
  /** One after the other, each with what counts by then: the last one has all. */
  const store = (): Promise<void> => {
    const written = writing.then(write);
    writing = written.catch(() => undefined);
    return written;
  };

  return {
    now: () => preferences,
    async change(change) {
      preferences = changed(preferences, change);
      tell();
      try {
        await store();
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
      }
      tell();
      return preferences;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    problems: () => (problem === undefined ? [] : [problem]),
    storeAgain: store,
    async close() {
      await writing;
    },
  };
}

/** A preference that is left out stays, also where it is left out by being undefined. */
function changed(before: Preferences, change: PreferencesChange): Preferences {
  const chosen = Object.entries(change).filter(([, value]) => value !== undefined);
  return preferencesSchema.parse({ ...before, ...Object.fromEntries(chosen) });
}

function unusable(path: string, why: string): string {
  return `${path} is not used, since the file ${why}: theme, language and the like are as at the first start; what is chosen in the window next takes its place`;
}

function unkept({ message }: StateError): string {
  return `what was chosen in the window counts only until Lockkeeper ends: ${message}; then choose it again`;
}
