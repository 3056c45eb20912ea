import { compileCommandList } from '../commands/command-list.ts';
import { compileImageList } from '../images/image-list.ts';
import { type ImageListEntry, parseImageListEntry } from '../images/image-list-entry.ts';
import type { Settings } from './admin-settings.ts';
import { builtInValues, paths, policyPaths } from './builtin-values.ts';
import type { Origin, Policy, PolicyOrigins, PolicyPath, PolicyValues, SettingsRemark } from './policy.ts';

/** A settings file that was read and found good. */
export interface SettingsFile {
  readonly source: 'admin' | 'user' | 'command-line';
  readonly file: string;
  readonly settings: Settings;
}

/** The files that have a say; what `--settings` names stands in the administrator's place. */
export interface SettingsSources {
  readonly admin?: SettingsFile | undefined;
  readonly user?: SettingsFile | undefined;
}

export type EffectivePolicy =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly SettingsRemark[] }
  | { readonly ok: false; readonly problems: readonly SettingsRemark[] };

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/**
 * Puts the policy together, value by value: locked administrator's file, user's file, unlocked administrator's file,
 * built-in default. A lock holds for all values at once, also for those that its file leaves at their defaults.
 */
export function effectivePolicy({ admin, user }: SettingsSources): EffectivePolicy {
  const locked = admin?.settings.locked === true;
  const order = locked ? [admin] : [user, admin].filter((file) => file !== undefined);
  const values: Mutable<PolicyValues> = { ...builtInValues };
  const origins: Mutable<PolicyOrigins> = builtInOrigins(locked);
  const take = <Path extends PolicyPath>(path: Path) => {
    for (const { source, file, settings } of order) {
      const value = settings.values[path];
      if (value !== undefined) {
        values[path] = value;
        origins[path] = { source, file, locked };
        return;
      }
    }
  };
  for (const path of policyPaths) {
    take(path);
  }
  return compilePolicy(values, origins, locked ? admin.file : undefined);
}

/** The policy without any settings file: enforced, empty lists. */
export function builtInPolicy(): Policy {
  const built = compilePolicy(builtInValues, builtInOrigins(false));
  if (!built.ok) {
    throw new Error(`the built-in policy does not compile: ${built.problems.map(({ text }) => text).join(' ')}`);
  }
  return built.policy;
}

/** Compiles values whose origins are known; they may come from several files, so that they fit together only by luck. */
export function compilePolicy(values: PolicyValues, origins: PolicyOrigins, lockedBy?: string): EffectivePolicy {
  const problems: SettingsRemark[] = [];
  const entries: ImageListEntry[] = [];
  for (const [index, text] of values[paths.images].entries()) {
    const parsed = parseImageListEntry(text);
    if (parsed.ok) {
      entries.push(parsed.entry);
    } else {
      problems.push(remark(origins, paths.images, index, parsed.problem));
    }
  }
  const compiled = compileCommandList({ type: values[paths.commandListType], commands: values[paths.commands] });
  if (!compiled.ok) {
    problems.push(...compiled.problems.map(({ index, problem }) => remark(origins, paths.commands, index, problem)));
  }
  if (!compiled.ok || problems.length > 0) {
    return { ok: false, problems };
  }
  const lists = { imageList: compileImageList(entries), commandList: compiled.list };
  const policy: Policy = { values, origins, ...lists, ...(lockedBy !== undefined && { lockedBy }) };
  return { ok: true, policy, warnings: mixedListWarnings(origins) };
}

/** A deny list that becomes an allow list, or the other way round, means the opposite of what its author wrote. */
function mixedListWarnings(origins: PolicyOrigins): readonly SettingsRemark[] {
  const type = origins[paths.commandListType];
  const commands = origins[paths.commands];
  if (type.file === undefined || commands.file === undefined || type.file === commands.file) {
    return [];
  }
  const text = `${paths.commandListType} comes from ${type.file}, but the commands come from ${commands.file}; set both in one file.`;
  return [{ file: type.file, path: paths.commandListType, text }];
}

function builtInOrigins(locked: boolean): Mutable<PolicyOrigins> {
  const origin: Origin = { source: 'built-in', locked };
  return {
    'enhancedContainerIsolation.value': origin,
    'enhancedContainerIsolation.dockerSocketMount.imageList.images': origin,
    'enhancedContainerIsolation.dockerSocketMount.imageList.allowDerivedImages': origin,
    'enhancedContainerIsolation.dockerSocketMount.commandList.type': origin,
    'enhancedContainerIsolation.dockerSocketMount.commandList.commands': origin,
    'lockkeeper.mode': origin,
    'lockkeeper.hostGate.hostEscape': origin,
    'lockkeeper.containerSockets.hostEscape': origin,
    'lockkeeper.containerSockets.allow': origin,
    'lockkeeper.containerSockets.bindFrom': origin,
    'lockkeeper.unknownOperations': origin,
    'lockkeeper.offlineGraceHours': origin,
    'lockkeeper.previousDigestGraceHours': origin,
    'lockkeeper.resolveEveryMinutes': origin,
    'lockkeeper.localImages': origin,
    'lockkeeper.audit.path': origin,
    'lockkeeper.audit.maxMegabytes': origin,
    'lockkeeper.audit.passes': origin,
    'lockkeeper.limits.connectionsPerSocket': origin,
    'lockkeeper.limits.inspectedBodyMegabytes': origin,
    'lockkeeper.limits.heldMegabytes': origin,
  };
}

function remark(origins: PolicyOrigins, path: PolicyPath, index: number, text: string): SettingsRemark {
  return { file: origins[path].file ?? 'built-in', path: `${path}[${index}]`, text: `${path}[${index}]: ${text}` };
}
