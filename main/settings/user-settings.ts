import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renderRemark } from '../../shared/policy/admin-settings.ts';
import type { SettingsFile } from '../../shared/policy/effective.ts';
import type { OpenSettings } from '../../shared/policy/propose-change.ts';
import { syncFolder, writeSynced } from '../state/write-atomically.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { errorCode } from './file-reading.ts';
import type { SettingsPlatform } from './platform.ts';
import { readAdministration, readSources } from './sources.ts';
import { readAtTrustedPlace } from './trusted-read.ts';

/** Whether the user's settings can be changed, and what they are. */
export type SettingsLook =
  | ({ readonly kind: 'open' } & OpenSettings)
  | { readonly kind: 'locked'; readonly by: string }
  | { readonly kind: 'unusable'; readonly problem: string };

/** `outdated`: the file is not what was looked at. A problem is a sentence that names the file and the remedy. */
export type SettingsWritten =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'outdated' | 'settings-unusable' | 'not-written'; readonly problem: string };

/** The user's settings file, as long as no administrator's lock takes it from them. */
export interface UserSettings {
  look(): Promise<SettingsLook>;
  /** The same for whoever edits the file as a text: mistakes in it are no obstacle, as they are what is mended. */
  lookAtText(): Promise<SettingsLook>;
  /** Writes the file, unless it is not any more what was looked at. */
  write(looked: OpenSettings, bytes: Uint8Array): Promise<SettingsWritten>;
}

export interface UserSettingsOptions {
  readonly platform: SettingsPlatform;
  /** What `--settings` names. */
  readonly settingsFile: string | undefined;
  readonly reached?: Reached;
}

/** Beside the file, for the moment before the new one takes its place; what a crash leaves of it, the next one removes. */
const HALF_WRITTEN = '.lockkeeper-new';

export function userSettings({ platform, settingsFile, reached = goOn }: UserSettingsOptions): UserSettings {
  const file = platform.userFile;
  async function lookUnder(admin: SettingsFile | undefined): Promise<SettingsLook> {
    if (admin?.settings.locked === true) return { kind: 'locked', by: admin.file };
    const reading = await readAtTrustedPlace(file, 'user', platform);
    if (reading.kind === 'refused') return { kind: 'unusable', problem: `${file}: ${reading.problem}` };
    return { kind: 'open', admin, userFile: file, bytes: reading.kind === 'read' ? reading.bytes : undefined };
  }
  return {
    async look() {
      const sources = await readSources(platform, settingsFile);
      if (!sources.ok) return { kind: 'unusable', problem: sources.problems.map(renderRemark).join('\n') };
      return await lookUnder(sources.files.admin);
    },
    async lookAtText() {
      const admin = await readAdministration(platform, settingsFile);
      if (admin.kind === 'bad') return { kind: 'unusable', problem: admin.problems.map(renderRemark).join('\n') };
      return await lookUnder(admin.kind === 'good' ? admin.file : undefined);
    },
    async write(looked, bytes) {
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        // What others could replace would not be read again: then the change must not be written at all.
        const doubt = await platform.wayTrust(file, 'user');
        if (doubt !== undefined) return unusable(`${file} could be replaced by others: ${doubt}`);
        return await replace(file, looked, bytes, { platform, reached });
      } catch (error) {
        return { ok: false, why: 'not-written', problem: `${file} cannot be written: ${systemWords(error)}` };
      }
    },
  };
}

/** Removes what a write left half done that a crash interrupted. For whoever starts. */
export async function removeHalfWrittenSettings({ userFile }: SettingsPlatform): Promise<void> {
  await rm(userFile + HALF_WRITTEN, { force: true }).catch(() => undefined);
}

type Replacing = Required<Pick<UserSettingsOptions, 'platform' | 'reached'>>;

async function replace(
  file: string,
  looked: OpenSettings,
  bytes: Uint8Array,
  { platform, reached }: Replacing,
): Promise<SettingsWritten> {
  const temporary = file + HALF_WRITTEN;
  await rm(temporary, { force: true });
  try {
    const before = await readAtTrustedPlace(file, 'user', platform);
    const mode = before.kind === 'read' ? Number(before.stats.mode & 0o777n) : 0o600;
    await writeSynced(temporary, bytes, mode);
    reached('settings-half-written');
    // As late as can be: somebody may have it open in an editor.
    const now = await readAtTrustedPlace(file, 'user', platform);
    if (now.kind === 'refused') return unusable(`${file}: ${now.problem}`);
    if (!sameBytes(now.kind === 'read' ? now.bytes : undefined, looked.bytes)) {
      return { ok: false, why: 'outdated', problem: `${file} has changed meanwhile: look at the change again` };
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(file));
  reached('settings-written');
  return { ok: true };
}

function sameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Buffer.compare(one, other) === 0;
}

function unusable(problem: string): SettingsWritten {
  return { ok: false, why: 'settings-unusable', problem };
}

const remedies: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; give the folder to the user who runs Lockkeeper',
  EPERM: 'not permitted; give the folder to the user who runs Lockkeeper',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full; make room and try again',
  EDQUOT: 'the quota is used up; make room and try again',
  ENOTDIR: 'something on the way to it is not a folder',
};

function systemWords(error: unknown): string {
  const code = errorCode(error);
  return remedies[code] ?? code;
}
