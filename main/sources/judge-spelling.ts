import { posix } from 'node:path';
import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import type { SourceFact } from '../../shared/decision/facts.ts';
import { cleanPath } from './clean-path.ts';
import { matchKnown } from './known-match.ts';
import { awaitedSockets, ENGINE_SIDE, hostSidePatterns, SHIM_FOLDERS } from './known-sockets.ts';
import { holdsState, judgeWithin, type OwnPlaces, ownSettings } from './own-places.ts';
import { notAbsolute, severest } from './severest.ts';

/** Where Docker Desktop's machine has the files of the host. */
const HOST_FILES: readonly string[] = ['/host_mnt', '/run/desktop/mnt/host'];

/** A way through a process to whatever that process sees. */
const PROCESS_LINK =
  /^\/proc\/[^/]+\/(task\/[^/]+\/)?(root|cwd|exe|fd|map_files)(\/|$)|^\/dev\/(fd|stdin|stdout|stderr)(\/|$)/;

/**
 * Judges a source by its spelling alone, for an engine whose files we do not see. A path may mean one of the engine's
 * machine or, where folders are shared with that machine, one of ours; it is judged as both.
 */
export function judgeSpelling(source: string, places: OwnPlaces): SourceFact {
  const cleaned = cleanPath(source);
  if (!cleaned.startsWith('/')) return notAbsolute;
  const path = foldPath(cleaned, places);
  const shared = HOST_FILES.filter((folder) => isWithin(path, folder)).map((folder) => path.slice(folder.length));
  return shared
    .map((rest) => (rest === '' ? hostRoot : judgeOurs(rest, places)))
    .reduce(severest, [judgeTheirs(cleaned), judgeTheirs(path), judgeOurs(path, places)].reduce(severest));
}

const hostRoot: SourceFact = { kind: 'exposes', socket: 'every socket of the host' };

function judgeTheirs(path: string): SourceFact {
  const short = withoutVar(path);
  if (PROCESS_LINK.test(path)) {
    return { kind: 'unverifiable', why: 'it leads through a process of the machine that the engine runs on' };
  }
  const shims = SHIM_FOLDERS.find((folder) => isWithin(short, folder));
  if (shims !== undefined) return { kind: 'protected', what: `containerd's socket folder ${shims}` };
  const match = matchKnown(short, ENGINE_SIDE) ?? matchKnown(path, ENGINE_SIDE);
  if (match === undefined) return { kind: 'ordinary' };
  if (match.is === 'above') return { kind: 'exposes', socket: match.pattern };
  return match.as === 'protected'
    ? { kind: 'protected', what: `the control socket ${path}` }
    : { kind: 'socket', socket: path };
}

/** `/var/run` is `/run` on every system that has an engine. */
function withoutVar(path: string): string {
  return isWithin(path, '/var/run') ? path.slice('/var'.length) : path;
}

function judgeOurs(path: string, places: OwnPlaces): SourceFact {
  const state = foldPath(places.stateFolder, places);
  const awaited = awaitedSockets(places).map((socket) => ({ ...socket, path: foldPath(socket.path, places) }));
  const exact = awaited.find((socket) => socket.path === path);
  if (exact !== undefined) return { kind: 'socket', socket: exact.name };
  const sockets = foldPath(places.socketsFolder, places);
  if (isWithin(path, sockets)) return within('sockets', sockets, path, places);
  if (isWithin(path, state)) return within('state', state, path, places);
  const settings = places.settingsFolders.map((folder) => foldPath(folder, places));
  const itself = settings.find((folder) => isWithin(path, folder));
  if (itself !== undefined) return ownSettings(itself);
  // A socket does not work in a folder that is shared with another machine, so a folder above one is no way to it; but
  // Docker Desktop and its like take the socket's own path for the socket.
  const machine = hostSidePatterns(places.home).map(([pattern, as]) => [foldPath(pattern, places), as] as const);
  if (matchKnown(path, machine)?.is === 'socket') return { kind: 'socket', socket: path };
  const exposed = awaited.find((socket) => isWithin(socket.path, path) && !isWithin(socket.path, state));
  if (exposed !== undefined) return { kind: 'exposes', socket: exposed.name };
  return holdsState(state, settings, (folder) => (isWithin(folder, path) ? posix.relative(path, folder) : undefined));
}

function within(kind: 'state' | 'sockets', folder: string, path: string, places: OwnPlaces): SourceFact {
  return judgeWithin({ folder: { kind, path: folder }, rest: posix.relative(folder, path) }, places);
}

/** macOS takes names in another case or Unicode form for the same, and has `/var` and `/tmp` in `/private`. */
function foldPath(path: string, { platform }: OwnPlaces): string {
  if (platform !== 'darwin') return cleanPath(path);
  const plain = cleanPath(path).normalize('NFC').toLowerCase();
  return plain.replace(/^\/private(?=\/(var|tmp|etc)(\/|$))/, '');
}
