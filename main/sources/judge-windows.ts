import { win32 } from 'node:path';
import type { SourceFact } from '../../shared/decision/facts.ts';
import { judgeSpelling } from './judge-spelling.ts';
import { holdsState, type OwnPlaces, ownSettings } from './own-places.ts';

/** Pipes of engines: Docker's own, Docker Desktop's and Podman's. */
const ENGINE_PIPE =
  /^(docker_engine|docker_engine_(windows|linux)|dockerdesktop\w*engine|docker_cli|podman-machine-.*)$/;
const CONTROL_PIPE = /^(containerd-.*|docker.*|lockkeeper_.*)$/;

/** The name space of pipes under its several names, `\\localhost\pipe` and the kernel's own path among them. */
const PIPE = /^\\\\[^\\]+\\(?:globalroot\\device\\namedpipe|unc\\[^\\]+\\pipe|pipe)(?:\\(.*))?$/;

/** Where a Windows drive is for what runs in a Linux machine beside it. */
const DRIVE_IN_LINUX = /^(?:\/host_mnt|\/run\/desktop\/mnt\/host|\/mnt\/host|\/mnt)?\/([a-z])(\/.*)?$/;

/** Judges a source by its spelling on Windows, where it can be a pipe, a drive's path, or one of the engine's machine. */
export function judgeWindowsSpelling(source: string, places: OwnPlaces): SourceFact {
  const plain = source.toLowerCase().replaceAll('/', '\\');
  const pipe = PIPE.exec(plain);
  if (pipe !== null) return judgePipe(cleanName(pipe[1] ?? ''), places);
  const drive = DRIVE_IN_LINUX.exec(source.toLowerCase().replaceAll('\\', '/').replace(/^\/+/, '/'));
  if (drive !== null) return judgeDrivePath(`${drive[1]}:${drive[2] ?? '\\'}`, places);
  const local = plain.replace(/^\\\\[?.]\\(?=[a-z]:)/, '');
  if (/^[a-z]:/.test(local)) return judgeDrivePath(local, places);
  if (/^\\\\(wsl\$|wsl\.localhost)(\\|$)/.test(plain)) {
    return { kind: 'protected', what: 'a folder of the Linux machine that engines run in' };
  }
  if (/^\\\\([?.]|localhost|127\.[\d.]+|\[?::1\]?)(\\|$)/.test(plain)) {
    return {
      kind: 'unverifiable',
      why: 'it is a device path, which can lead to any drive or pipe; give a path of a drive',
    };
  }
  if (plain.startsWith('\\\\') && !source.startsWith('/')) return { kind: 'ordinary' };
  return judgeSpelling(source.replaceAll('\\', '/'), places);
}

/** Windows takes dots and blanks at the end of a name away, and resolves `.` and `..` before it opens a pipe. */
function cleanName(name: string): string {
  const cleaned = win32.normalize(`\\${name}`).replace(/^\\+|\\+$/g, '');
  return cleaned.replace(/[. ]+$/, '');
}

function judgePipe(name: string, places: OwnPlaces): SourceFact {
  if (name === '') return { kind: 'exposes', socket: 'every pipe of the machine' };
  const engine = places.engine.kind === 'socket' ? [places.engine.path] : [];
  const own = [...engine, places.hostGatePath, ...places.standingSockets];
  const isOwn = own.some((path) => PIPE.exec(path.toLowerCase().replaceAll('/', '\\'))?.[1] === name);
  if (isOwn || ENGINE_PIPE.test(name)) return { kind: 'socket', socket: `\\\\.\\pipe\\${name}` };
  return CONTROL_PIPE.test(name)
    ? { kind: 'protected', what: `the control pipe \\\\.\\pipe\\${name}` }
    : { kind: 'ordinary' };
}

function judgeDrivePath(path: string, places: OwnPlaces): SourceFact {
  const cleaned = cleanDrivePath(path);
  if (/~\d/.test(cleaned)) {
    return {
      kind: 'unverifiable',
      why: 'it has a short name (8.3) in it, which can stand for any folder; give the long one',
    };
  }
  const state = cleanDrivePath(places.stateFolder);
  if (isWithinDrivePath(cleaned, state)) {
    return { kind: 'protected', what: `part of Lockkeeper's own state (${places.stateFolder})` };
  }
  const settings = places.settingsFolders.map(cleanDrivePath);
  const itself = settings.find((folder) => isWithinDrivePath(cleaned, folder));
  if (itself !== undefined) return ownSettings(itself);
  return holdsState(state, settings, (folder) =>
    isWithinDrivePath(folder, cleaned) ? win32.relative(cleaned, folder).replaceAll('\\', '/') : undefined,
  );
}

function cleanDrivePath(path: string): string {
  const names = win32.normalize(path.toLowerCase()).split('\\');
  return names
    .map((name) => name.replace(/[. ]+$/, ''))
    .join('\\')
    .replace(/\\+$/, '');
}

function isWithinDrivePath(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}\\`);
}
