import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SettingsPlatform } from '../../../../main/settings/platform.ts';
import { openPolicySource, type PolicySource } from '../../../../main/settings/settings.ts';
import { posixTrust } from '../../../../main/settings/trust.ts';
import { posixWayTrust } from '../../../../main/settings/way-trust.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A machine of the test's own: places for settings files, and the state folder. */
export interface Machine {
  readonly admin: string;
  readonly desktop: string;
  readonly user: string;
  readonly stateFolder: string;
  readonly platform: SettingsPlatform;
  open(options?: { settingsFile?: string; elevated?: boolean }): Promise<PolicySource>;
}

export function machine(): Machine {
  const root = temporaryFolder();
  const admin = join(root, 'etc', 'lockkeeper', 'admin-settings.json');
  const desktop = join(root, 'usr', 'docker-desktop', 'admin-settings.json');
  const user = join(root, 'home', 'lockkeeper', 'settings.json');
  const stateFolder = join(root, 'state');
  // Whoever runs the tests stands for the administrator, too: only root could give files away.
  const me = process.getuid?.() ?? -1;
  const owner = posixTrust(me);
  const way = posixWayTrust(me);
  const platform: SettingsPlatform = {
    adminFiles: [admin, desktop],
    userFile: user,
    trust: (path, stats) => owner(path, stats, 'user'),
    wayTrust: (path) => way(path, 'user'),
    elevated: false,
  };
  const open: Machine['open'] = async ({ settingsFile, elevated = false } = {}) => {
    const named = settingsFile === undefined ? {} : { settingsFile };
    const source = await openPolicySource({ stateFolder, platform: { ...platform, elevated }, ...named });
    onTestFinished(() => source.close());
    return source;
  };
  return { admin, desktop, user, stateFolder, platform, open };
}

/** Writes a file as editors and configuration management do: a new one, renamed into place. */
export function put(file: string, contents: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  writeFileSync(`${file}.new`, contents, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}

/** A settings file that lists one image. */
export const listing = (image: string, locked?: boolean) => settingsText({ images: [image], locked });

export const remove = (path: string) => rmSync(path, { recursive: true });

export interface Choice {
  readonly locked?: boolean | undefined;
  readonly images?: readonly string[];
  readonly type?: 'deny' | 'allow';
  readonly commands?: readonly string[];
  readonly value?: boolean;
}

export function settingsText({ locked, value, images, type, commands }: Choice): string {
  const dockerSocketMount = { imageList: { images }, commandList: { type, commands } };
  return JSON.stringify({ enhancedContainerIsolation: { locked, value, dockerSocketMount } });
}

/** The images that the policy in force lists, and the file that says so. */
export function imagesIn(state: PolicyState): { images: readonly string[]; from: string | undefined } | 'closed' {
  const path = 'enhancedContainerIsolation.dockerSocketMount.imageList.images';
  return state.kind === 'closed'
    ? 'closed'
    : { images: state.policy.values[path], from: state.policy.origins[path].file };
}

/** Resolves with the next state that fits. */
export function nextState(source: PolicySource, fits: (state: PolicyState) => boolean): Promise<PolicyState> {
  return new Promise((resolve) => {
    const stop = source.onChange((state) => {
      if (fits(state)) {
        stop();
        resolve(state);
      }
    });
  });
}
