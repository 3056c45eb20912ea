import { posix } from 'node:path';
import type { SourceFact } from '../../shared/decision/facts.ts';
import { SOCKET_NAME } from '../exceptions/delivery.ts';
import type { SocketOwners } from './known-sockets.ts';
import type { Within } from './protected-set.ts';

/** Where Lockkeeper keeps what is its own, and whom the survey is for. */
export interface OwnPlaces extends SocketOwners {
  readonly stateFolder: string;
  /** One folder per delivered container socket, each holding `docker.sock`. */
  readonly socketsFolder: string;
  /** Where settings files lie that have a say: who may write there makes the policy. */
  readonly settingsFolders: readonly string[];
  /** The empty folder that covers our state in containers. */
  readonly emptyFolder: string;
  /** The targets recorded for `<socketsFolder>/<key>`; undefined when no container has it. */
  readonly deliveredTargets: (folderKey: string) => readonly string[] | undefined;
  readonly platform: NodeJS.Platform;
  /** The home folder of the user that we run as. */
  readonly home: string;
}

/** What something in a protected folder of ours is to a container that asks for it. */
export function judgeWithin({ folder, rest }: Within, places: OwnPlaces): SourceFact {
  if (folder.kind === 'shims') return { kind: 'protected', what: `containerd's socket folder ${folder.path}` };
  if (folder.kind === 'settings') return ownSettings(folder.path);
  if (folder.kind === 'sockets') return judgeDelivered(rest, places) ?? ownState(places);
  // Tools that inspect and re-create send the cover back that we put into a container.
  return rest === posix.relative(places.stateFolder, places.emptyFolder) ? { kind: 'ordinary' } : ownState(places);
}

function judgeDelivered(rest: string, places: OwnPlaces): SourceFact | undefined {
  const [key = '', name, ...more] = rest.split('/');
  if (key === '' || more.length > 0) return undefined;
  const targets = places.deliveredTargets(key);
  if (targets === undefined) return undefined;
  if (name === undefined) return { kind: 'delivered-folder', targets };
  return name === SOCKET_NAME ? { kind: 'socket', socket: posix.join(places.socketsFolder, rest) } : undefined;
}

/** A folder by its spelling, `below` telling where in it one of ours lies. */
export function holdsState(
  state: string,
  settings: readonly string[],
  below: (folder: string) => string | undefined,
): SourceFact {
  const heldState = below(state);
  const held = settings.flatMap((folder) => below(folder) ?? []);
  // On macOS both are one folder.
  if (heldState !== undefined) return { kind: 'holds-state', below: [...new Set([heldState, ...held])] };
  return held.length === 0 ? { kind: 'ordinary' } : { kind: 'holds-state', below: held, onlySettings: true };
}

export function ownSettings(folder: string): SourceFact {
  return { kind: 'protected', what: `Lockkeeper's settings (${folder})` };
}

function ownState(places: OwnPlaces): SourceFact {
  return { kind: 'protected', what: `part of Lockkeeper's own state (${places.stateFolder})` };
}
