import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { effectivePolicy } from '../../shared/policy/effective.ts';
import type { Policy, PolicyState, SettingsRemark } from '../../shared/policy/policy.ts';
import { errorCode } from './file-reading.ts';
import { type LastGood, loadLastGood, samePolicy, storeLastGood } from './last-good.ts';
import { type SettingsPlatform, settingsPlatform } from './platform.ts';
import { readSources } from './sources.ts';
import { watchFiles } from './watch.ts';

/** The policy in force, which follows the settings files. */
export interface PolicySource {
  readonly state: () => PolicyState;
  /** Called after each change with the new state; returns what ends that. */
  onChange(listener: (state: PolicyState) => void): () => void;
  /** Reads the files anew; resolves with a state that is at least as new as the call. */
  reload(): Promise<PolicyState>;
  close(): void;
}

export interface PolicySourceOptions {
  /** Where the last good policy is kept across restarts; made if need be. */
  readonly stateFolder: string;
  /** What `--settings` names: stands in for the administrator's file. */
  readonly settingsFile?: string;
  readonly platform?: SettingsPlatform;
  readonly uid?: number;
}

/** Reads the settings, and goes on to follow them until closed. Unusable files never make this fail: see PolicyState. */
export async function openPolicySource(options: PolicySourceOptions): Promise<PolicySource> {
  const platform = options.platform ?? thisPlatform(options.uid);
  const stateFolder = resolve(options.stateFolder);
  const settingsFile = options.settingsFile === undefined ? undefined : resolve(options.settingsFile);
  const listeners = new Set<(state: PolicyState) => void>();
  let lastGood = await loadLastGood(stateFolder, settingsFile, platform.trust);
  let stored = lastGood !== undefined;
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
      enter(fallback(lastGood, found.problems));
      return state;
    }
    if (lastGood === undefined || !samePolicy(lastGood.policy, found.policy)) {
      lastGood = { policy: found.policy, storedAt: new Date().toISOString() };
      stored = false;
    }
    // In force first: a slow disk must not hold back a stricter policy.
    enter(inForce(found, storeFailure));
    if (!stored) {
      storeFailure = await tryToStore(stateFolder, settingsFile, lastGood);
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
    close: () => {
      watch.close();
      listeners.clear();
    },
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

function thisPlatform(uid = process.getuid?.()): SettingsPlatform {
  return settingsPlatform({ platform: process.platform, env: process.env, home: homedir(), uid });
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
): Promise<SettingsRemark | undefined> {
  try {
    await storeLastGood(stateFolder, settingsFile, lastGood);
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

function fallback(lastGood: LastGood | undefined, problems: readonly SettingsRemark[]): PolicyState {
  if (lastGood === undefined) {
    return { kind: 'closed', generation: 0, problems };
  }
  const { policy, storedAt } = lastGood;
  return { kind: 'effective', generation: 0, policy, warnings: [], problems, lastGoodFrom: storedAt };
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
