import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';

/** What the default paths depend on; tests give every platform's. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** Absent on Windows. */
  readonly uid: number | undefined;
}

/** Where state is kept and where host tools connect, unless the command line says otherwise. */
export interface DefaultPaths {
  readonly state: string;
  /** Path of a unix socket, or of a named pipe on Windows. */
  readonly hostGate: string;
}

/**
 * The default paths. Root's do not depend on the environment, which `sudo` may have kept from a user; others follow
 * the XDG base directory specification, which has relative values ignored.
 */
export function defaultPaths({ platform, env, home, uid }: Surroundings): DefaultPaths {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local');
    return { state: win32.join(local, 'Lockkeeper'), hostGate: '\\\\.\\pipe\\lockkeeper_docker' };
  }
  if (platform === 'darwin') {
    const state = posix.join(home, 'Library', 'Application Support', 'Lockkeeper');
    return { state, hostGate: posix.join(state, 'docker.sock') };
  }
  if (uid === 0) {
    return { state: '/var/lib/lockkeeper', hostGate: '/run/lockkeeper/docker.sock' };
  }
  const state = posix.join(absolute(env.XDG_STATE_HOME) ?? posix.join(home, '.local', 'state'), 'lockkeeper');
  const runtime = absolute(env.XDG_RUNTIME_DIR);
  // Without a runtime folder (cron, su) the socket stands in the state folder, which is as private.
  return {
    state,
    hostGate: posix.join(runtime === undefined ? state : posix.join(runtime, 'lockkeeper'), 'docker.sock'),
  };
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && posix.isAbsolute(path) ? path : undefined;
}

/** Where the running instance of a state folder answers the command line and the window. */
export function controlPath(state: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32') {
    return posix.join(state, 'control.sock');
  }
  // Pipes have one flat name space; the same folder in another spelling of case is the same folder.
  const name = createHash('sha256').update(win32.resolve(state).toLowerCase()).digest('hex').slice(0, 16);
  return `\\\\.\\pipe\\lockkeeper_control_${name}`;
}

/** Longest path of a unix socket in bytes: `sun_path` without its closing NUL (unix(7); 104 on macOS). */
const SOCKET_PATH_BYTES = { linux: 107, darwin: 103 } as const;

/** What is wrong with a socket path, with its remedy; undefined when nothing is. */
export function socketPathProblem(path: string, platform: NodeJS.Platform, remedy: string): string | undefined {
  if (platform === 'win32') {
    return undefined;
  }
  const most = platform === 'darwin' ? SOCKET_PATH_BYTES.darwin : SOCKET_PATH_BYTES.linux;
  const bytes = new TextEncoder().encode(path).length;
  if (bytes <= most) {
    return undefined;
  }
  return `the socket path ${path} has ${bytes} bytes, and a unix socket's may have ${most}: ${remedy}`;
}
