import { readSettings } from '../../shared/policy/admin-settings.ts';
import type { SettingsFile, SettingsSources } from '../../shared/policy/effective.ts';
import type { SettingsRemark } from '../../shared/policy/policy.ts';
import type { SettingsPlatform } from './platform.ts';
import type { Owner } from './trust.ts';
import { readAtTrustedPlace } from './trusted-read.ts';

/** The settings files as they are now: all good, or at least one of them unusable. */
export type Sources =
  | {
      readonly ok: true;
      readonly files: SettingsSources;
      readonly warnings: readonly SettingsRemark[];
      /** Set, and also among the warnings, when `--settings` does not count since an administrator's lock does. */
      readonly refusedSettingsFile?: SettingsRemark;
    }
  | { readonly ok: false; readonly problems: readonly SettingsRemark[] };

type FileState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'good'; readonly file: SettingsFile; readonly warnings: readonly SettingsRemark[] }
  | { readonly kind: 'bad'; readonly problems: readonly SettingsRemark[] };

/** Reads the files that have a say, in the order in which they decide whether the next one has one at all. */
export async function readSources(platform: SettingsPlatform, settingsFile: string | undefined): Promise<Sources> {
  const admin = await readAdministration(platform, settingsFile);
  if (admin.kind === 'bad') {
    return { ok: false, problems: admin.problems };
  }
  if (admin.kind === 'missing' || !admin.file.settings.locked) {
    return await withUserFile(platform, admin);
  }
  // What the user's file says does not count now, so that its mistakes must not hold back the administrator's word.
  const sources = { ok: true, files: { admin: admin.file }, warnings: admin.warnings } as const;
  if (settingsFile === undefined || admin.file.source === 'command-line') {
    return sources;
  }
  const refusedSettingsFile = settingsFileRefusal(settingsFile, admin.file.file);
  return { ...sources, warnings: [refusedSettingsFile, ...sources.warnings], refusedSettingsFile };
}

/** The administrator's word, or what `--settings` names in its place: without the user's file, whatever that says. */
export async function readAdministration(
  platform: SettingsPlatform,
  settingsFile: string | undefined,
): Promise<FileState> {
  const admin = settingsFile !== undefined && platform.elevated ? missing : await readAdminFile(platform);
  const isFinal = admin.kind === 'bad' || (admin.kind === 'good' && admin.file.settings.locked);
  return settingsFile === undefined || isFinal ? admin : await readNamedFile(platform, settingsFile);
}

/** What `--settings` is answered with where an administrator has locked the settings. */
function settingsFileRefusal(settingsFile: string, adminFile: string): SettingsRemark {
  const text = `--settings is refused: ${adminFile} locks the settings for everybody but root, and stays in force.`;
  return { file: settingsFile, text };
}

const missing: FileState = { kind: 'missing' };

async function readNamedFile(platform: SettingsPlatform, settingsFile: string): Promise<FileState> {
  const named = await readFileState(platform, settingsFile, 'command-line', 'either');
  if (named.kind !== 'missing') {
    return named;
  }
  const text = 'The file does not exist, but --settings names it.';
  return { kind: 'bad', problems: [{ file: settingsFile, text }] };
}

async function withUserFile(
  platform: SettingsPlatform,
  admin: FileState & { kind: 'missing' | 'good' },
): Promise<Sources> {
  const user = await readFileState(platform, platform.userFile, 'user', 'user');
  if (user.kind === 'bad') {
    return { ok: false, problems: user.problems };
  }
  const files = {
    admin: admin.kind === 'good' ? admin.file : undefined,
    user: user.kind === 'good' ? user.file : undefined,
  };
  const warnings = [admin, user].flatMap((state) => (state.kind === 'good' ? state.warnings : []));
  return { ok: true, files, warnings: [...warnings, ...uselessLock(user)] };
}

function uselessLock(user: FileState): readonly SettingsRemark[] {
  if (user.kind !== 'good' || !user.file.settings.locked) {
    return [];
  }
  const path = 'enhancedContainerIsolation.locked';
  return [
    { file: user.file.file, path, text: `${path} has no effect in a user's file; only the administrator's locks.` },
  ];
}

/** The first that exists counts, be it usable or not: an unusable one must not open the way to a weaker one. */
async function readAdminFile(platform: SettingsPlatform): Promise<FileState> {
  for (const file of platform.adminFiles) {
    const state = await readFileState(platform, file, 'admin', 'administrator');
    if (state.kind !== 'missing') {
      return state;
    }
  }
  return missing;
}

async function readFileState(
  platform: SettingsPlatform,
  file: string,
  source: SettingsFile['source'],
  owner: Owner,
): Promise<FileState> {
  const reading = await readAtTrustedPlace(file, owner, platform);
  if (reading.kind === 'missing') {
    return missing;
  }
  if (reading.kind === 'refused') {
    return { kind: 'bad', problems: [{ file, text: reading.problem }] };
  }
  const parsed = readSettings(reading.bytes, file);
  return parsed.ok
    ? { kind: 'good', file: { source, file, settings: parsed.settings }, warnings: parsed.warnings }
    : { kind: 'bad', problems: parsed.problems };
}
