import { resolve } from 'node:path';
import { effectivePolicy } from '../../shared/policy/effective.ts';
import type { Policy, PolicyState, SettingsRemark } from '../../shared/policy/policy.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { errorCode } from './file-reading.ts';
import { type KeptPolicy, type LastGood, lastGoodFile, loadLastGood, samePolicy, storeLastGood } from './last-good.ts';
import { type SettingsPlatform, thisPlatform } from './platform.ts';
import { readSources } from './sources.ts';
import { removeHalfWrittenSettings, type UserSettings, userSettings } from './user-settings.ts';
import { watchFiles } from './watch.ts';

/** The policy in force, which follows the settings files. */
export interface PolicySource {
  readonly state: () => PolicyState;
  /** Called after each change with the new state; returns what ends that. */
  onChange(listener: (state: PolicyState) => void): () => void;
  /** Reads the files anew; resolves with a state that is at least as new as the call. */
  reload(): Promise<PolicyState>;
  /** The user's file among them, for changes; what is written there is in force after a reload at the latest. */
  readonly user: UserSettings;
  /** Stores the last good policy again: what was stored is gone. */
  storeAgain(): Promise<void>;
  close(): void;
}

export interface PolicySourceOptions {
  /** Where the last good policy is kept across restarts; made if need be. */
  readonly stateFolder: string;
  /** What `--settings` names: stands in for the administrator's file. */
  readonly settingsFile?: string;
  readonly platform?: SettingsPlatform;
  readonly reached?: Reached;
}

/** Reads the settings, and goes on to follow them until closed. Unusable files never make this fail: see PolicyState. */
export async function openPolicySource(options: PolicySourceOptions): Promise<PolicySource> {
  const platform = options.platform ?? thisPlatform();
  const stateFolder = resolve(options.stateFolder);
  const settingsFile = options.settingsFile === undefined ? undefined : resolve(options.settingsFile);
  const { reached = goOn } = options;
  const listeners = new Set<(state: PolicyState) => void>();
  await removeHalfWrittenSettings(platform);
  let kept = await loadLastGood(stateFolder, settingsFile, platform.trust);
  let stored = kept.kind === 'good';
  let storeFailure: SettingsRemark | undefined;
  let state: PolicyState = { kind: 'closed', generation: 0, problems: [] };

  const enter = (next: PolicyState) => {
    if (!sameState(state, next)) {
      state = { ...next, generation: state.generation + 1 };
      for (const listener of [...listeners]) {
        listener(state);
      }
    }
  };
  const refresh = async (): Promise<PolicyState> => {
    const found = await readPolicy(platform, settingsFile);
    if (!found.ok) {
      enter(fallback(kept, found.problems, stateFolder));
      return state;
    }
    if (kept.kind !== 'good' || !samePolicy(kept.lastGood.policy, found.policy)) {
      kept = { kind: 'good', lastGood: { policy: found.policy, storedAt: new Date().toISOString() } };
      stored = false;
    }
    // In force first: a slow disk must not hold back a stricter policy.
    enter(inForce(found, storeFailure));
    if (!stored) {
      reached('policy-in-force');
      storeFailure = await tryToStore(stateFolder, settingsFile, kept.lastGood, reached);
      stored = storeFailure === undefined;
      enter(inForce(found, storeFailure));
    }
    return state;
  };

  const reload = oneAfterTheOther(refresh);
  const watched = [...platform.adminFiles, platform.userFile, ...(settingsFile === undefined ? [] : [settingsFile])];
  // Watching begins before reading, so that no change falls between the two.
  const watch = watchFiles(watched, () => void reload());
  await reload();
  return {
    state: () => state,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reload,
    user: userSettings({ platform, settingsFile, reached }),
    async storeAgain() {
      stored = false;
      await reload();
    },
    close: () => {
      watch.close();
      listeners.clear();
    },
  };
}

/** The policy that a run started now would begin with, for whoever only looks: nothing is stored, nothing watched. */
export async function readPolicyState(options: PolicySourceOptions): Promise<PolicyState> {
  const platform = options.platform ?? thisPlatform();
  const stateFolder = resolve(options.stateFolder);
  const settingsFile = options.settingsFile === undefined ? undefined : resolve(options.settingsFile);
  const found = await readPolicy(platform, settingsFile);
  if (found.ok) return { ...inForce(found, undefined), generation: 1 };
  return {
    ...fallback(await loadLastGood(stateFolder, settingsFile, platform.trust), found.problems, stateFolder),
    generation: 1,
  };
}

/** Why `--settings` is refused, for whoever starts us to be told before; undefined when it is not. */
export async function refusedSettingsFile(
  settingsFile: string,
  platform: SettingsPlatform = thisPlatform(),
): Promise<SettingsRemark | undefined> {
  const sources = await readSources(platform, resolve(settingsFile));
  return sources.ok ? sources.refusedSettingsFile : undefined;
}

type Found =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly SettingsRemark[] }
  | { readonly ok: false; readonly problems: readonly SettingsRemark[] };

async function readPolicy(platform: SettingsPlatform, settingsFile: string | undefined): Promise<Found> {
  const sources = await readSources(platform, settingsFile);
  if (!sources.ok) {
    return sources;
  }
  const effective = effectivePolicy(sources.files);
  return effective.ok ? { ...effective, warnings: [...sources.warnings, ...effective.warnings] } : effective;
}

/** A policy that cannot be stored is in force all the same; only the next start with an unusable file will miss it. */
async function tryToStore(
  stateFolder: string,
  settingsFile: string | undefined,
  lastGood: LastGood,
  reached: Reached,
): Promise<SettingsRemark | undefined> {
  try {
    await storeLastGood(stateFolder, settingsFile, lastGood, () => reached('policy-half-written'));
    reached('policy-stored');
    return undefined;
  } catch (error) {
    const text = `The policy could not be stored here (${errorCode(error)}): should a settings file be unusable at the next start, nothing will be let through.`;
    return { file: stateFolder, text };
  }
}

function inForce({ policy, warnings }: Found & { ok: true }, storeFailure: SettingsRemark | undefined): PolicyState {
  const all = storeFailure === undefined ? warnings : [...warnings, storeFailure];
  return { kind: 'effective', generation: 0, policy, warnings: all, problems: [] };
}

/** What is in force while a settings file cannot be used; the last problem says so, for whoever sees only those. */
function fallback(kept: KeptPolicy, problems: readonly SettingsRemark[], stateFolder: string): PolicyState {
  if (kept.kind !== 'good') {
    return { kind: 'closed', generation: 0, problems: kept.kind === 'none' ? problems : [...problems, kept.problem] };
  }
  const { policy, storedAt } = kept.lastGood;
  const file = lastGoodFile(stateFolder);
  const text = `The last good policy, of ${storedAt}, stays in force until that is mended.`;
  const all = [...problems, { file, text }];
  return { kind: 'effective', generation: 0, policy, warnings: [], problems: all, lastGoodFrom: storedAt };
}

/** Whether nothing changed that anybody could notice. */
function sameState(one: PolicyState, other: PolicyState): boolean {
  if (one.generation === 0 || one.kind !== other.kind || !sameRemarks(one.problems, other.problems)) {
    return false;
  }
  return (
    one.kind === 'closed' ||
    other.kind === 'closed' ||
    (samePolicy(one.policy, other.policy) && sameRemarks(one.warnings, other.warnings))
  );
}

function sameRemarks(one: readonly SettingsRemark[], other: readonly SettingsRemark[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Runs a task never twice at once. A call while it runs gets the next run, which it shares with other such calls: the
 * run under way may have read already what the caller has just changed.
 */
function oneAfterTheOther<Result>(task: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Result> | undefined;
  return () => {
    next ??= running.then(() => {
      next = undefined;
      const run = task();
      running = run.catch(() => undefined);
      return run;
    });
    return next;
  };
}
