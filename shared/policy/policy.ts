import type { CommandList } from '../commands/command-list.ts';
import type { EscapeKind } from '../escape/kinds.ts';
import type { ImageList } from '../images/image-list.ts';

/** Where a value comes from. */
export interface Origin {
  readonly source: 'built-in' | 'admin' | 'user' | 'command-line';
  /** Absolute path of the settings file; absent for built-in values. */
  readonly file?: string;
  /** Locked values cannot be changed in the window or on the command line. */
  readonly locked: boolean;
}

/** The values that a policy consists of, by the dotted path they have in the settings file. */
export interface PolicyValues {
  readonly 'enhancedContainerIsolation.value': boolean;
  readonly 'enhancedContainerIsolation.dockerSocketMount.imageList.images': readonly string[];
  readonly 'enhancedContainerIsolation.dockerSocketMount.imageList.allowDerivedImages': boolean;
  readonly 'enhancedContainerIsolation.dockerSocketMount.commandList.type': 'deny' | 'allow';
  readonly 'enhancedContainerIsolation.dockerSocketMount.commandList.commands': readonly string[];
  /** `observe`: what the policy would refuse goes on, and is only recorded. */
  readonly 'lockkeeper.mode': 'enforce' | 'observe';
  /** What leads out of a container, on the host gate. */
  readonly 'lockkeeper.hostGate.hostEscape': 'report' | 'deny';
  /** The same on container and standing sockets. */
  readonly 'lockkeeper.containerSockets.hostEscape': 'deny' | 'report';
  /** What is let through there all the same. */
  readonly 'lockkeeper.containerSockets.allow': readonly EscapeKind[];
  /** Absolute paths of folders that may be bound there, besides those that the holder of a socket has bound itself. */
  readonly 'lockkeeper.containerSockets.bindFrom': readonly string[];
  readonly 'lockkeeper.unknownOperations': 'refuse' | 'pass';
  /** How long digests that were once confirmed count while their registry cannot be reached. */
  readonly 'lockkeeper.offlineGraceHours': number;
  /** How long a digest that was confirmed for a tag still counts once the registry has another one there. */
  readonly 'lockkeeper.previousDigestGraceHours': number;
  readonly 'lockkeeper.resolveEveryMinutes': number;
  /** Image IDs (`sha256:…`) that may hold a socket without any registry. */
  readonly 'lockkeeper.localImages': readonly string[];
  /** Absolute path of the journal file; empty: `journal.jsonl` in the state folder. */
  readonly 'lockkeeper.audit.path': string;
  /** Megabytes (2^20 bytes) that the journal's files may have together. */
  readonly 'lockkeeper.audit.maxMegabytes': number;
  /** Whether passed requests are written to the journal file too. */
  readonly 'lockkeeper.audit.passes': boolean;
  /** Connections that one socket serves at once. */
  readonly 'lockkeeper.limits.connectionsPerSocket': number;
  /** The largest body that is inspected, in megabytes (2^20 bytes); a larger one is refused. */
  readonly 'lockkeeper.limits.inspectedBodyMegabytes': number;
  /** Megabytes of heads and inspected bodies that are kept for the clients of one socket. */
  readonly 'lockkeeper.limits.heldMegabytes': number;
}

export type PolicyPath = keyof PolicyValues;
export type PolicyOrigins = { readonly [path in PolicyPath]: Origin };

/** One thing in a settings file that is wrong or doubtful, with its place and remedy in the sentence. */
export interface SettingsRemark {
  readonly file: string;
  /** 1-based; absent when the remark is about the file as a whole (missing rights, a link). */
  readonly line?: number;
  readonly column?: number;
  /** Dotted path of the value, where there is one. */
  readonly path?: string;
  readonly text: string;
}

/** The policy as the enforcer holds it: the values, where each comes from, and their compiled form. */
export interface Policy {
  readonly values: PolicyValues;
  readonly origins: PolicyOrigins;
  readonly imageList: ImageList;
  readonly commandList: CommandList;
  /** The settings file whose lock holds, also for values that it leaves at their defaults. */
  readonly lockedBy?: string;
}

/**
 * What the enforcer goes by. `closed` is the state with no usable policy at all: no socket mounts, filtered sockets
 * answer nothing but ping and version, host use without sockets goes on. It is never the same as "no policy".
 */
export type PolicyState =
  | {
      readonly kind: 'effective';
      /** Counts policy changes of this run; decisions and caches name the one they were made by. */
      readonly generation: number;
      readonly policy: Policy;
      readonly warnings: readonly SettingsRemark[];
      /** Set while a settings file is unusable and the last good policy stays in force. */
      readonly problems: readonly SettingsRemark[];
      /** When the last good policy was stored, RFC 3339; set with `problems`. */
      readonly lastGoodFrom?: string;
      /** RFC 3339; set while somebody has Lockkeeper observe for a while, whatever the mode of the policy is. */
      readonly observingUntil?: string;
    }
  | { readonly kind: 'closed'; readonly generation: number; readonly problems: readonly SettingsRemark[] };

/** Whether what the policy would refuse goes on, and is only recorded. */
export function isObserving(state: PolicyState): boolean {
  if (state.kind === 'closed') return false;
  return state.observingUntil !== undefined || state.policy.values['lockkeeper.mode'] === 'observe';
}
